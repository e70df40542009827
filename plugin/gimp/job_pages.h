// SPDX-License-Identifier: GPL-3.0-or-later
#ifndef SFM_GIMP_JOB_PAGES_H
#define SFM_GIMP_JOB_PAGES_H

#include "common/form.h"
#include "gimp/host.h"
#include "gimp/origin.h"

// A tab for each job: the layers that it starts from, how many pictures it makes,
// and its own knobs.
typedef struct SfmJobPages SfmJobPages;

typedef void (*SfmJobPagesFunc)(void *user_data);

// `target` is where generated pictures go; its image, if any, has the layers. `switched`
// is called when another tab was chosen, `changed` when something was set.
SfmJobPages *sfm_job_pages_new(const SfmHostPlace *target, SfmJobPagesFunc switched,
                               SfmJobPagesFunc changed, void *user_data);

// Not the widget, which its parent owns. NULL is a no-op.
void sfm_job_pages_free(SfmJobPages *pages);
GtkWidget *sfm_job_pages_widget(SfmJobPages *pages);

SfmJob sfm_job_pages_job(const SfmJobPages *pages);

// NULL: the job can be run; else what it lacks, a translated sentence.
const char *sfm_job_pages_lack(const SfmJobPages *pages);

// Shows the form, on the tab of its job; with the layers of the subject.
void sfm_job_pages_show(SfmJobPages *pages, const SfmForm *form, const SfmSubject *subject);

// The size that pictures have where the target leaves it open.
void sfm_job_pages_show_size(SfmJobPages *pages, int width, int height);

// What the tabs say: the knobs of all, the rest of the one that is shown.
void sfm_job_pages_read(SfmJobPages *pages, SfmForm *form);
void sfm_job_pages_read_layers(const SfmJobPages *pages, SfmSubject *subject);

#endif
