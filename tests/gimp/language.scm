; SPDX-License-Identifier: GPL-3.0-or-later
; One dialog, and one refusal; language.sh plays the person and reads what is told.

(let ((image (image-new 40 30 RGB)))
  (layer-new image 40 30 RGB-IMAGE "old")
  (gimp-display-new image)
  (call-procedure RUN-INTERACTIVE image '())
  (gimp-message (apply string-append
                       (cons "LANGUAGE-LAYERS"
                             (map (lambda (layer) (string-append " [" (layer-name layer) "]"))
                                  (image-layers image)))))
  (make-indexed image)
  (call-procedure RUN-WITH-LAST-VALS image '()))
