; SPDX-License-Identifier: GPL-3.0-or-later
; The plug-in around the real engine, with the model of digits at three steps.
; engine.sh has put pictures, made by `sfumato` with the same settings, and a
; damaged model into `folder`.

(define (digit seed . more)
  (apply generate (append (list -1 '(model "digits") '(class "7") '(steps 3) (list 'seed seed)) more)))

; The layer's values, row by row.
(define (values-of layer)
  (let ((size (layer-size layer)))
    (let rows ((y 0) (all '()))
      (if (= y (cadr size))
          (reverse all)
          (rows (+ y 1)
                (let columns ((x 0) (row all))
                  (if (= x (car size)) row (columns (+ x 1) (cons (car (pixel layer x y)) row)))))))))

(let* ((made (digit 7))
       (layer (cadr made))
       (values (values-of layer))
       (program (load-picture (string-append folder "/cli.png")))
       (again (digit 7))
       (other (digit 8)))
  (assert-equal "the native size is the card's" (layer-size layer) '(24 24))
  (assert-equal "a layer equals what the program makes, value by value"
                (equal? values (values-of (car (image-layers program)))) #t)
  (assert-equal "the same seed makes the same picture" (equal? values (values-of (cadr again))) #t)
  (assert-equal "another seed makes another" (equal? values (values-of (cadr other))) #f)
  (assert-equal "the picture is not of one value" (= (apply min values) (apply max values)) #f)
  (assert-equal "the recipe has job, seed and class"
                (map (lambda (part) (holds? (layer-recipe layer) part))
                     '("\"job\": \"generate\"" "\"seed\": 7" "\"class\": \"7\""))
                '(#t #t #t))
  (for-each gimp-image-delete (list (car made) (car again) (car other) program)))

; ---- jobs on layers ---------------------------------------------------------------

; What the program made under that name.
(define (program-values name)
  (let* ((image (load-picture (string-append folder "/" name ".png")))
         (values (values-of (car (image-layers image)))))
    (gimp-image-delete image)
    values))

(let* ((image (load-picture (string-append folder "/cli.png")))
       (from (car (image-layers image)))
       (to (load-layer image (string-append folder "/one.png")))
       (before (values-of from))
       (digits '((model "digits") (steps 3) (seed 7)))
       (run (lambda (job . asked) (apply run-job (append (list job from) digits asked))))
       (equals (lambda (sentence layers names)
                 (assert-equal sentence
                               (equal? (map values-of layers) (map program-values names)) #t)
                 (assert-equal (string-append sentence ", and changes something")
                               (member before (map values-of layers)) #f))))
  (equals "vary makes what the program makes, value by value"
          (run 'vary '(class "7") '(strength 0.6)) '("vary"))
  (equals "denoise makes what the program makes, value by value"
          (run 'denoise '(sigma 25) '(luminance 0.8)) '("denoise"))
  (equals "interpolate makes what the program makes, value by value"
          (run 'interpolate (list 'to to) '(class "7") '(level 0.4) '(mixing "spherical") '(count 2))
          '("interpolate-1" "interpolate-2"))
  (equals "interpolate in tiles makes what the program makes, value by value"
          (run 'interpolate (list 'to to) '(class "7") '(tile 16)) '("in-tiles"))
  (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 6 8 12 8)
  (equals "inpaint makes what the program makes, value by value"
          (run 'inpaint '(class "7") '(rounds 2) '(jump 1)) '("inpaint"))
  (assert-equal "no job changes the layer that it starts from" (equal? (values-of from) before) #t)
  (gimp-image-delete image))

(let* ((image (image-new 40 30 RGB))
       (old (layer-new image 40 30 RGB-IMAGE "old")))
  (assert-fails "says what to do where a layer is in colour and the model makes gray pictures"
                "is in colour and digits makes gray pictures; turn it to gray"
                (lambda () (run-job 'vary old '(model "digits"))))
  (let ((layer (cadr (generate image '(model "digits") '(class "3") '(steps 2) '(count 2)))))
    (assert-equal "a size that is no multiple of the model's stride is the image's all the same"
                  (list (layer-size layer) (length (image-layers image))) '((40 30) 2))) ; with the group
  (gimp-image-delete image))

(define (fails sentence text . asked)
  (assert-fails sentence text (lambda () (apply generate (cons -1 asked)))))

(fails "names a model that is not there" "mona" '(model "mona"))
(fails "names a sampler that is not there" "there is no \"euler-nought\""
       '(model "digits") '(class "7") '(sampler "euler-nought"))
(fails "names a setting that is not there" "colour" '(model "digits") '(class "7")
       '(script-params "colour=1"))
(fails "names a device that is not there" "no device \"abacus\""
       '(model "digits") '(class "7") '(device "abacus"))
(fails "names the file of a damaged model" "diffusion_pytorch_model.safetensors"
       '(model "torn") '(class "7"))
