; SPDX-License-Identifier: GPL-3.0-or-later
; Writes what GIMP has made, and the recipe that is attached to it, into `folder`: for
; replay.sh, which makes it again without a GIMP.

(define digits '((model "digits") (class "7") (steps 3) (seed 9)))

(define (write-file name tell)
  (let ((port (open-output-file (string-append folder "/" name))))
    (tell (lambda (what) (display what port)))
    (close-output-port port)))

; The values of a gray layer row by row, a line each.
(define (write-values layer)
  (lambda (write)
    (let ((size (layer-size layer)))
      (do ((y 0 (+ y 1))) ((= y (cadr size)))
        (do ((x 0 (+ x 1))) ((= x (car size)))
          (write (car (pixel layer x y)))
          (write "\n"))))))

(define (write-result name layer)
  (write-file (string-append name ".json") (lambda (write) (write (layer-recipe layer))))
  (write-file (string-append name ".values") (write-values layer)))

(let* ((image (load-picture (string-append folder "/start.png")))
       (start (car (image-layers image)))
       (end (load-layer image (string-append folder "/end.png")))
       (run (lambda (job . asked) (apply run-job (append (list job start) digits asked)))))
  (write-result "generate" (caddr (apply generate (append (list -1 '(count 2)) digits))))
  (write-result "vary" (car (run 'vary '(strength 0.6))))
  (write-result "denoise" (car (run 'denoise '(sigma 25) '(luminance 0.8))))
  (write-result "interpolate" (cadr (run 'interpolate (list 'to end) '(count 2)))))
