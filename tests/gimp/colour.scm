; SPDX-License-Identifier: GPL-3.0-or-later
; The plug-in and the program, by different libraries, on the same pictures, which
; colour.sh has put into `folder`.

; All values of the layer, pixel by pixel.
(define (values-of layer)
  (let ((size (layer-size layer)))
    (let next ((i (- (* (car size) (cadr size)) 1)) (all '()))
      (if (< i 0)
          all
          (next (- i 1)
                (append (pixel layer (modulo i (car size)) (quotient i (car size))) all))))))

(define (load name) (load-picture (string-append folder "/" name ".png")))

; Lays the numbers bare: GIMP 3.0 tells them converted to sRGB.
(define (forget-profile image) (assign-profile image (string-append folder "/srgb.icc")))

; What GIMP makes of a picture, what the program has made of it, and the picture.
(define (both name)
  (let* ((image (load name))
         (program (load (string-append name "-clean")))
         (old (car (image-layers image)))
         (layer (car (run-job 'denoise old '(model "photo") '(sigma 25))))
         (seen (begin
                 (forget-profile image)
                 (forget-profile program)
                 (map values-of (list layer (car (image-layers program)) old)))))
    (gimp-image-delete image)
    (gimp-image-delete program)
    seen))

(define (largest-difference a b)
  (apply max (map (lambda (x y) (abs (- x y))) a b)))

(let ((seen (both "clear")))
  (assert-equal "sRGB with alpha comes out as the program makes it, value by value"
                (largest-difference (car seen) (cadr seen)) 0)
  (assert-equal "it is something else than before" (equal? (car seen) (caddr seen)) #f))

(let ((seen (both "adobe")))
  (assert-equal "Adobe RGB comes out as the program makes it, to within 1 of 255"
                (<= (largest-difference (car seen) (cadr seen)) 1) #t)
  (assert-equal "that is something else than before, too"
                (> (largest-difference (car seen) (caddr seen)) 8) #t))
