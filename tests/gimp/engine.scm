; SPDX-License-Identifier: GPL-3.0-or-later
; The plug-in around the real engine, with the model of digits at three steps.
; engine.sh has put cli.png, made by `sfumato` with the same settings, and a
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

(let* ((image (image-new 40 30 RGB))
       (old (layer-new image 40 30 RGB-IMAGE "old")))
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
