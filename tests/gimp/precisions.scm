; SPDX-License-Identifier: GPL-3.0-or-later
; Layers of every precision, gray and in colour, in sRGB and in Adobe RGB: what the fake
; engine makes of them, seen in 8 bits. It turns values around when it varies a
; picture. All kinds of each precision are in precisions.c.

; Pixels of a varied layer, the left half of which was selected: one selected, one
; not, and the old layer's there. `type` is the layer's. A profile is assigned, which
; leaves numbers alone; they are laid bare by that of sRGB.
(define (vary-half profile base type precision colour)
  (let* ((image (image-new-of 16 8 base precision))
         (old (layer-new image 16 8 type "old")))
    (fill-layer old colour)
    (if profile (assign-profile image (string-append folder "/" profile)))
    (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 0 0 8 8)
    (let ((layer (car (run-job 'vary old (list 'model (if (= base GRAY) "gray" "colour"))))))
      (if profile (assign-profile image (string-append folder "/srgb.icc")))
      (make-8-bit image)
      (let ((seen (list (pixel layer 3 3) (pixel layer 12 3) (pixel old 12 3))))
        (gimp-image-delete image)
        seen))))

(define (check-half sentence seen want)
  (assert-near (string-append sentence ": what is selected is varied") (car seen) want)
  (assert-equal (string-append sentence ": the rest is as it was") (cadr seen) (caddr seen)))

(for-each
 (lambda (precision)
   (for-each
    (lambda (kind)
      (check-half (string-append (car precision) ", " (car kind))
                  (vary-half #f (cadr kind) (caddr kind) (cdr precision)
                             (if (= (cadr kind) GRAY) '(100 100 100) '(120 100 80)))
                  (cadddr kind)))
    (list (list "colour and alpha" RGB RGBA-IMAGE '(135 155 175 255))
          (list "gray" GRAY GRAY-IMAGE '(155)))))
 all-precisions)
(check-half "colour" (vary-half #f RGB RGB-IMAGE (cdar all-precisions) '(120 100 80))
            '(135 155 175))
(check-half "gray and alpha" (vary-half #f GRAY GRAYA-IMAGE (cdar all-precisions) '(100 100 100))
            '(155 255))

; (120 100 80) of Adobe RGB is (127.9 100.1 77.9) of sRGB; turned around, (127.1 154.9 177.1),
; which is (134.6 153.5 174.7) there: from the matrices and curves of both.
(for-each
 (lambda (name)
   (let ((precision (cdr (assoc name all-precisions))))
     (check-half (string-append name " in Adobe RGB")
                 (vary-half "adobe.icc" RGB RGBA-IMAGE precision '(120 100 80))
                 '(135 153 175 255))))
 '("u8" "float"))
