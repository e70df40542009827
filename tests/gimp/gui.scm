; SPDX-License-Identifier: GPL-3.0-or-later
; The dialog three times, and twice what it has kept; gui.sh plays the person and reads what is told.

(define (tell word image)
  (gimp-message (apply string-append
                       (cons (string-append "GUI-" word)
                             (map (lambda (layer) (string-append " [" (layer-name layer) "]"))
                                  (image-layers image))))))

(let ((image (image-new 40 30 RGB)))
  (layer-new image 40 30 RGB-IMAGE "old")
  (gimp-display-new image)
  (call-procedure RUN-INTERACTIVE image '())
  (tell "ESCAPED" image)
  (call-procedure RUN-INTERACTIVE image '())
  (tell "GENERATED" image)
  (call-procedure RUN-INTERACTIVE image '())
  (tell "CANCELLED" image)
  (call-procedure RUN-WITH-LAST-VALS image '())
  (tell "REPEATED" image)
  (tell "OPENED" (car (call-procedure RUN-WITH-LAST-VALS -1 '()))))
