; SPDX-License-Identifier: GPL-3.0-or-later
; What the plug-in does around the engine, with the fake one (fake_engine.c says
; what its classes do). The suite has defined `folder`, for profiles.

; The fake engine's ramp.
(define (ramp x y seed index)
  (map (lambda (c) (modulo (+ x (* 3 y) (* 7 c) (* 11 seed) (* 5 index)) 256)) '(0 1 2)))

(define (first-three colour) (list (car colour) (cadr colour) (caddr colour)))

(let* ((made (generate -1 '(class "ramp") '(seed 7)))
       (image (car made))
       (layer (cadr made)))
  (assert-equal "without an image makes one of the model's own size"
                (list (image-width image) (image-height image)) '(64 48))
  (assert-equal "a new image has the one layer that is returned" (image-layers image) (list layer))
  (assert-equal "the layer has the name of model and seed" (layer-name layer) "Generate, Colour, seed 7")
  (assert-equal "a layer of a new image has no alpha" (layer-type layer) RGB-IMAGE)
  (assert-equal "the recipe is attached to the layer"
                (holds? (layer-recipe layer) "\"job\":\"generate\",\"model\":\"colour\",\"seed\":7")
                #t)
  (assert-equal "pixels are those of the engine"
                (map (lambda (at) (pixel layer (car at) (cadr at))) '((0 0) (3 2) (63 47)))
                (list (ramp 0 0 7 0) (ramp 3 2 7 0) (ramp 63 47 7 0)))
  (gimp-image-delete image))

(let ((made (generate -1 '(class "Ramp") '(seed 7))))
  (assert-equal "leaves it to the engine to know a class, in any case of letters"
                (pixel (cadr made) 3 2) (ramp 3 2 7 0))
  (gimp-image-delete (car made)))

(let* ((made (generate -1 '(model "gray") '(class "ramp") '(width 30) '(height 20)))
       (image (car made))
       (layer (cadr made)))
  (assert-equal "a gray model makes a gray image of the size asked for"
                (list (image-type image) (image-width image) (image-height image))
                (list GRAY 30 20))
  (assert-equal "gray pixels are those of the engine"
                (car (pixel layer 29 19)) (car (ramp 29 19 0 0)))
  (gimp-image-delete image))

(let* ((made (generate -1 '(class "ramp") '(count 3) '(seed 2)))
       (image (car made)))
  (assert-equal "several pictures come in a group with the name of job, model and seed"
                (map layer-name (image-layers image)) '("Generate, Colour, seed 2"))
  (assert-equal "each of them has a layer, numbered, the last on top"
                (map layer-name (group-layers (car (image-layers image))))
                '("Generate, Colour, seed 2, number 3" "Generate, Colour, seed 2, number 2"
                  "Generate, Colour, seed 2, number 1"))
  (assert-equal "the layers are returned, not the group"
                (cdr made) (reverse (group-layers (car (image-layers image)))))
  (assert-equal "several pictures differ as the engine says"
                (map (lambda (layer) (pixel layer 1 1)) (cdr made))
                (list (ramp 1 1 2 0) (ramp 1 1 2 1) (ramp 1 1 2 2)))
  (gimp-image-delete image))

(let* ((made (generate -1 '(class "ramp") '(count 2) '(frames 2)))
       (group (car (image-layers (car made)))))
  (assert-equal "estimates lie below the picture that they lead to"
                (reverse (map layer-name (group-layers group)))
                '("Generate, Colour, seed 0, number 1, frame 1"
                  "Generate, Colour, seed 0, number 1, frame 2"
                  "Generate, Colour, seed 0, number 1"
                  "Generate, Colour, seed 0, number 2, frame 1"
                  "Generate, Colour, seed 0, number 2, frame 2"
                  "Generate, Colour, seed 0, number 2"))
  (gimp-image-delete (car made)))

(let* ((image (image-new 40 30 RGB))
       (old (layer-new image 40 30 RGB-IMAGE "old")))
  (fill-layer old '(10 20 30))
  (let ((layer (cadr (generate image '(class "ramp")))))
    (assert-equal "an image gets one more layer, on top, and it is the active one"
                  (list (image-layers image) (image-active-layer image))
                  (list (list layer old) layer))
    (assert-equal "the layer has the size of the image, and alpha"
                  (list (layer-size layer) (layer-place layer) (layer-type layer))
                  (list '(40 30) '(0 0) RGBA-IMAGE))
    (assert-equal "the layer is opaque" (pixel layer 5 5) (append (ramp 5 5 0 0) '(255)))
    (assert-equal "the old layer is as it was" (pixel old 20 20) '(10 20 30)))
  (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 8 6 20 10)
  (let ((layer (cadr (generate image '(class "ramp")))))
    (assert-equal "with a selection the layer has its size and place"
                  (list (layer-size layer) (layer-place layer)) '((20 10) (8 6))))
  (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 8 6 20 10)
  (let ((layer (cadr (generate image '(class "ramp") '(width 5) '(height 4)))))
    (assert-equal "a size asked for goes before that of the selection"
                  (list (layer-size layer) (layer-place layer)) '((5 4) (8 6))))
  (gimp-image-delete image))

(let* ((image (image-new 16 16 RGB))
       (group (group-new image)))
  (layer-into-group image group 16 16 RGBA-IMAGE)
  (generate image '(class "ramp"))
  (assert-equal "beside a layer in a group the new one is in the group" (group-size group) 2)
  (gimp-image-delete image))

; 255 (0.5, 0.25, 0.75), once the image is one of 8 bits.
(for-each
 (lambda (precision)
   (let* ((image (image-new-precise 8 8 precision))
          (layer (cadr (generate image '(class "vector")))))
     (make-8-bit image)
     (assert-near (string-append "encoded values come out right in " (symbol->string precision))
                  (first-three (pixel layer 3 3)) '(128 64 191))
     (gimp-image-delete image)))
 '(u8 u8-linear u16 float-linear))

; Adobe RGB: the same colour has other numbers, which the profile of sRGB,
; assigned without conversion, lays bare.
(let ((image (image-new 8 8 RGB)))
  (assign-profile image (string-append folder "/adobe.icc"))
  (let ((layer (cadr (generate image '(class "vector")))))
    (assign-profile image (string-append folder "/srgb.icc"))
    (assert-near "the colours are converted to the image's profile"
                 (first-three (pixel layer 3 3)) '(113 66 187)))
  (gimp-image-delete image))

; Y = 0.2225 0.214 + 0.7169 0.0509 + 0.0606 0.5225 = 0.1158, encoded 0.376 = 96 / 255.
(let ((image (image-new 8 8 GRAY)))
  (let ((layer (cadr (generate image '(class "vector")))))
    (assert-near "in a gray image colours become their luminance"
                 (list (car (pixel layer 3 3))) '(96)))
  (gimp-image-delete image))

; ---- failures -----------------------------------------------------------------

(let* ((image (image-new 8 8 RGB))
       (old (layer-new image 8 8 RGB-IMAGE "old"))
       (fails (lambda (sentence text . asked)
                (assert-fails sentence text (lambda () (apply generate (cons image asked)))))))
  (fails "refuses NaN" "has a nan in row 7" '(class "nan"))
  (fails "says what to do when the device is lost"
         "the device was lost in step 1.\nRun it again, at a smaller size" '(class "lost"))
  (fails "names a model that is not there" "no model is called \"mona\"" '(model "mona"))
  (fails "refuses models that make no pictures" "latent has 4 channels" '(model "latent"))
  (fails "names a class that is not there" "class: there is no \"9\"" '(class "9"))
  (fails "names a device that is not there" "no device is called \"abacus\"" '(device "abacus"))
  (fails "says how script parameters are written"
         "\"eta\" is not of the form name=value" '(script-params "eta"))
  (fails "refuses a width below zero" "width must be 0 to 262144, but is -1" '(width -1))
  (assert-equal "an image is untouched by failures" (image-layers image) (list old))
  (make-indexed image)
  (fails "refuses indexed images, with the remedy" "convert it by Image > Mode > RGB first")
  (gimp-image-delete image))

(assert-fails "a failure without an image leaves none behind" "has a nan in row 47"
              (lambda () (generate -1 '(class "nan"))))
