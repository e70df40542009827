// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_ROWS_H
#define SFM_GIMP_ROWS_H

#include <stdbool.h>

#include <gtk/gtk.h>

// Rows of a dialog, one below the other: a label and what it names, the labels
// being as wide as one another. Only what GTK 2.24 and GTK 3 both have and neither
// calls deprecated.
typedef struct {
    GtkWidget *box;       // of the rows; its parent's
    GtkSizeGroup *labels; // owned
} SfmRows;

enum { SFM_ROW_SPACING = 6, SFM_COLUMN_SPACING = 12 }; // pixels, as GIMP has them

void sfm_rows_init(SfmRows *rows);
void sfm_rows_clear(SfmRows *rows); // not the box

// Adds a row and returns it. `label` is for people, with a mnemonic and a colon
// or without; without either it also names the widget to those who do not see.
// `rest`, which may be NULL, follows on the same line.
GtkWidget *sfm_rows_add(SfmRows *rows, const char *label, const char *help, GtkWidget *widget,
                        GtkWidget *rest);

// The same, the widget being as wide as there is room.
GtkWidget *sfm_rows_add_wide(SfmRows *rows, const char *label, const char *help, GtkWidget *widget,
                             GtkWidget *rest);

// A widget that fills its row. It has its own label.
void sfm_rows_add_whole(SfmRows *rows, GtkWidget *widget);

// What a widget is called, as in a row, and a sentence on it.
void sfm_describe(GtkWidget *widget, const char *label, const char *help);

// Widgets side by side; NULL ends them.
GtkWidget *sfm_line_new(GtkWidget *first, ...) G_GNUC_NULL_TERMINATED;

// A label without a mnemonic, of which lines are broken at `width` pixels. It can
// be selected and copied, but not reached by Tab.
GtkWidget *sfm_text_new(int width);

// A button with a mnemonic and a sentence on it.
GtkWidget *sfm_button_new(const char *label, const char *help, GCallback clicked, void *data);

// ---- numbers ----------------------------------------------------------------

// `step` 0: what suits the range. Decimals are as many as `step` and both ends
// need. The entry is as wide as the longest number, 12 letters at most.
GtkWidget *sfm_spin_new(double min, double max, double step);

// Shows more decimals where the number has them.
void sfm_spin_set(GtkWidget *spin, double value);
double sfm_spin_get(GtkWidget *spin); // what is being typed counts

// The decimals that a number needs, 9 at most.
guint sfm_digits_of(double number);

// ---- choices ----------------------------------------------------------------

// A combo box of texts.
GtkWidget *sfm_combo_new(void);
void sfm_combo_clear(GtkWidget *combo);
void sfm_combo_add(GtkWidget *combo, const char *text);
void sfm_combo_set(GtkWidget *combo, int index);
int sfm_combo_get(GtkWidget *combo); // -1: none

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(SfmRows, sfm_rows_clear)

#endif
