; SPDX-License-Identifier: GPL-3.0-or-later
; Every job in an image that is shown: its result is one step, to be taken back and
; done again. undo.sh presses the keys when it is told to, and again where one was lost:
; one too many finds nothing, since there are no other steps.

; What a step could change. Scripts see neither stack, but whether all is as it was
; when the image was clean.
(define (names-of layers)
  (map (lambda (layer)
         (if (= (car (gimp-item-is-group layer)) TRUE)
             (cons (layer-name layer) (names-of (group-layers layer)))
             (layer-name layer)))
       layers))
(define (layers-of image) (names-of (image-layers image)))
(define (state-of image old)
  (list (layers-of image) (pixel old 9 9) (gimp-selection-bounds image)))
(define (dirty? image) (= (car (gimp-image-is-dirty image)) TRUE))

; Asks for a key and waits until the layers have become others, at most a minute.
(define (await-key word image)
  (let ((layers (layers-of image)))
    (gimp-message (string-append "UNDO-" word))
    (let loop ((tries 1200))
      ; A layer that goes away while it is asked for its name is a change.
      (if (and (> tries 0) (equal? (catch "changed" (layers-of image)) layers))
          (begin (usleep 50000) (loop (- tries 1)))))))

(define (check-step name image old)
  (let ((made (state-of image old)))
    (await-key (string-append "BACK " name) image)
    (assert-equal (string-append "one step takes back what " name " has made")
                  (cons (dirty? image) (state-of image old)) (cons #f state))
    (await-key (string-append "AGAIN " name) image)
    (assert-equal (string-append "one step brings it again, of " name)
                  (cons (dirty? image) (state-of image old)) (cons #t made))
    (await-key (string-append "AWAY " name) image)
    (assert-equal (string-append "and takes it back again, of " name)
                  (cons (dirty? image) (state-of image old)) (cons #f state))))

(define image (image-new 40 30 RGB))
(define below (layer-new image 40 30 RGB-IMAGE "below"))
(define old (layer-new image 40 30 RGB-IMAGE "old"))
(gimp-image-undo-disable image)
(fill-layer old '(200 100 50))
(fill-layer below '(20 10 50))
(gimp-image-select-rectangle image CHANNEL-OP-REPLACE 8 6 20 10)
(gimp-image-undo-enable image)
(gimp-display-new image)
(gimp-image-clean-all image)
(define state (state-of image old))

(call-procedure RUN-INTERACTIVE image '())
(check-step "the dialog" image old)
(for-each
 (lambda (job count)
   (call-job job RUN-NONINTERACTIVE image old (list (list 'count count)))
   (gimp-displays-flush) ; only then can the person undo
   (check-step (symbol->string job) image old))
 '(generate vary denoise interpolate inpaint) '(3 1 1 2 2))
