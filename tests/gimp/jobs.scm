; SPDX-License-Identifier: GPL-3.0-or-later
; The jobs that start from layers, around the fake engine (fake_engine.c says what
; it makes of a value): where their results come, what of them, and what is refused.

; An image with one layer of one colour.
(define (image-with width height type colour)
  (let* ((image (image-new width height (if (or (= type GRAY-IMAGE) (= type GRAYA-IMAGE)) GRAY RGB)))
         (layer (layer-new image width height type "photo")))
    (fill-layer layer colour)
    image))
(define (top image) (car (image-layers image)))

; ---- one layer ------------------------------------------------------------------

(let* ((image (image-with 40 30 RGB-IMAGE '(200 100 50)))
       (old (top image))
       (other (layer-new image 40 30 RGBA-IMAGE "above")))
  (let ((layer (car (run-job 'denoise old '(seed 7)))))
    (assert-equal "a result is directly above the layer that it comes from"
                  (image-layers image) (list other layer old))
    (assert-equal "it has the name of job, model and seed"
                  (layer-name layer) "Denoise, Photo, seed 7")
    (assert-equal "it has type, size and place of that layer"
                  (list (layer-type layer) (layer-size layer) (layer-place layer))
                  (list RGB-IMAGE '(40 30) '(0 0)))
    (assert-equal "it is the active one" (image-active-layer image) layer)
    (assert-equal "its pixels are those of the engine" (pixel layer 39 29) '(100 50 25))
    (assert-equal "the layer that it comes from is as it was" (pixel old 39 29) '(200 100 50)))
  (assert-equal "knobs that are left open have the engine's defaults"
                (holds? (layer-recipe (car (run-job 'vary old))) "\"settings\":\"job.strength=0.5 job.tile=0\"")
                #t)
  (assert-equal "knobs reach the engine"
                (holds? (layer-recipe (car (run-job 'vary old '(strength 0.25))))
                        "\"settings\":\"job.strength=0.25 job.tile=0\"")
                #t)
  (gimp-image-delete image))

(let* ((image (image-with 40 30 RGBA-IMAGE '(200 100 50)))
       (old (layer-new image 10 8 RGBA-IMAGE "small")))
  (fill-layer old '(10 20 30))
  (set-pixel old 3 4 '(10 20 30 128))
  (move-layer old 25 -3)
  (let ((layer (car (run-job 'vary old))))
    (assert-equal "a layer somewhere else has its result there"
                  (list (layer-size layer) (layer-place layer)) '((10 8) (25 -3)))
    (assert-equal "alpha is kept" (list (pixel layer 3 4) (pixel layer 5 5))
                  '((245 235 225 128) (245 235 225 255))))
  (gimp-image-delete image))

(let* ((image (image-with 12 12 GRAYA-IMAGE '(80 80 80)))
       (layer (car (run-job 'denoise (top image) '(model "gray")))))
  (assert-equal "a gray layer stays gray" (list (layer-type layer) (pixel layer 2 2))
                (list GRAYA-IMAGE '(40 255)))
  (gimp-image-delete image))

; ---- several --------------------------------------------------------------------

(let* ((image (image-with 16 16 RGB-IMAGE '(200 100 50)))
       (old (top image))
       (layers (run-job 'vary old '(count 2) '(seed 3)))
       (group (top image)))
  (assert-equal "several results come in a group above the layer"
                (list (layer-name group) (cdr (image-layers image)))
                (list "Vary, Colour, seed 3" (list old)))
  (assert-equal "the group has what is returned, the last on top"
                (group-layers group) (reverse layers))
  (assert-equal "they are numbered" (map layer-name layers)
                '("Vary, Colour, seed 3, number 1" "Vary, Colour, seed 3, number 2"))
  (assert-equal "each is that of the engine" (map (lambda (layer) (pixel layer 9 9)) layers)
                '((55 155 205) (200 100 50)))
  (gimp-image-delete image))

(let* ((image (image-with 16 16 RGB-IMAGE '(200 100 50)))
       (group (group-new image))
       (inner (layer-into-group image group 16 16 RGB-IMAGE)))
  (run-job 'vary inner)
  (assert-equal "beside a layer in a group the result is in the group" (group-size group) 2)
  (gimp-image-delete image))

; ---- selections -----------------------------------------------------------------

(define (with-selection job)
  (let* ((image (image-with 300 200 RGB-IMAGE '(200 100 50)))
         (old (top image)))
    (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 120 60 20 10)
    (let* ((layer (car (run-job job old)))
           (seen (list (layer-size layer) (pixel layer 119 65) (pixel layer 120 65)
                       (pixel layer 139 69) (pixel layer 140 65) (pixel layer 0 0))))
      (gimp-image-delete image)
      seen)))
(define kept '(200 100 50))
(assert-equal "denoise changes what is selected, in a layer of the same size"
              (with-selection 'denoise)
              (list '(300 200) kept '(100 50 25) '(100 50 25) kept kept))
(assert-equal "vary changes what is selected"
              (with-selection 'vary)
              (list '(300 200) kept '(55 155 205) '(55 155 205) kept kept))
(assert-equal "inpaint paints what is selected"
              (with-selection 'inpaint)
              (list '(300 200) kept '(55 155 205) '(55 155 205) kept kept))

; Of the selection a half, so that half of the change is there: selections are linear, and
; pixels set as encoded, 0.5 as 188 of 255.
(define (soft job)
  (let* ((image (image-with 40 30 RGB-IMAGE '(200 100 40)))
         (old (top image)))
    (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 0 0 20 30)
    (set-pixel (selection-of image) 30 15 '(188))
    (let* ((layer (car (run-job job old)))
           (seen (append (pixel layer 30 15) (pixel layer 31 15))))
      (gimp-image-delete image)
      seen)))
(assert-near "what is half selected is half changed" (soft 'denoise) '(150 75 30 200 100 40))
(assert-near "what is half selected is half painted" (soft 'inpaint) '(128 128 128 200 100 40))

; As GIMP feathers: somewhere between, and more inside than outside.
(let* ((image (image-with 60 30 RGB-IMAGE '(200 200 200)))
       (old (top image)))
  (gimp-context-set-feather TRUE)
  (gimp-context-set-feather-radius 6 6)
  (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 30 0 30 30)
  (let* ((layer (car (run-job 'denoise old)))
         (row (map (lambda (x) (car (pixel layer x 15))) '(0 27 30 33 59))))
    (assert-equal "a feathered edge blends"
                  (list (car row) (apply >= row) (< 100 (caddr row) 200)) '(200 #t #t)))
  (gimp-context-set-feather FALSE)
  (gimp-image-delete image))

(let* ((image (image-with 40 30 RGB-IMAGE '(200 100 50)))
       (old (layer-new image 40 30 RGB-IMAGE "moved")))
  (fill-layer old '(200 100 50))
  (move-layer old 10 5)
  (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 0 0 12 8)
  (let ((layer (car (run-job 'denoise old))))
    (assert-equal "the selection is where it is on the layer, though that was moved"
                  (list (layer-place layer) (pixel layer 1 2) (pixel layer 2 2) (pixel layer 1 3))
                  (list '(10 5) '(100 50 25) kept kept)))
  (gimp-image-delete image))

; ---- between two ----------------------------------------------------------------

(let* ((image (image-with 16 16 RGB-IMAGE '(100 0 200)))
       (from (top image))
       (between (layer-new image 16 16 RGB-IMAGE "between"))
       (to (layer-new image 16 16 RGBA-IMAGE "to")))
  (fill-layer to '(200 100 0))
  (let* ((layers (run-job 'interpolate from (list 'to to) '(count 3))))
    (assert-equal "pictures between two layers lie above both"
                  (cdr (image-layers image)) (list to between from))
    (assert-equal "they lead from the one to the other"
                  (map (lambda (layer) (pixel layer 4 4)) layers)
                  '((125 25 150) (150 50 100) (175 75 50)))
    (assert-equal "they have names of their own" (layer-name (cadr layers))
                  "Interpolate, Colour, seed 0, number 2"))
  (assert-equal "so do pictures between two layers that are both chosen"
                (pixel (car (run-between from to)) 4 4) '(150 50 100))
  (fill-layer between '(0 0 0))
  (let ((layer (car (run-job 'interpolate to))))
    (assert-equal "without a second layer it is the one below" (pixel layer 4 4) '(100 50 0 255)))
  (gimp-image-delete image))

; ---- failures -------------------------------------------------------------------

; The layers, some pixels, and the bounds of the selection of an image.
(define (state-of image)
  (list (image-layers image) (map (lambda (layer) (pixel layer 1 1)) (image-layers image))
        (gimp-selection-bounds image)))

(let* ((image (image-with 16 16 RGB-IMAGE '(200 100 50)))
       (old (top image))
       (small (layer-new image 8 8 RGB-IMAGE "small"))
       (away (layer-new image 16 16 RGB-IMAGE "away"))
       (masked (layer-new image 16 16 RGBA-IMAGE "masked"))
       (group (group-new image))
       (channel (channel-new image))
       (mask (mask-of masked))
       (outside (image-with 16 16 RGB-IMAGE '(1 2 3)))
       (fails (lambda (sentence text job layer . asked)
                (assert-fails sentence text (lambda () (apply run-job (append (list job layer) asked)))))))
  (fill-layer masked '(1 1 1))
  (move-layer away 40 0)
  (gimp-selection-none image)
  (gimp-image-clean-all image)
  (let ((before (list (image-layers image) (pixel old 1 1) (gimp-selection-bounds image))))
    (fails "refuses a layer group" "is a layer group; choose a layer in it" 'denoise group)
    (fails "refuses a layer mask" "is a layer mask; choose the layer itself" 'denoise mask)
    (fails "refuses a channel" "is a channel; choose a layer" 'vary channel)
    (fails "refuses a layer outside the image" "\"away\" lies outside the image; move it there"
           'denoise away)
    (fails "refuses layers of different sizes"
           "\"photo\" has 16 x 16 pixels and \"small\" has 8 x 8; give them one size by Layer > Scale"
           'interpolate old (list 'to small))
    (fails "refuses a group to lead to" "is a layer group; choose a layer in it"
           'interpolate old (list 'to group))
    (fails "refuses one layer twice" "\"photo\" was chosen twice; choose two layers"
           'interpolate old (list 'to old))
    (fails "says that there is no layer below" "there is no layer below \"photo\" to lead to"
           'interpolate old)
    (fails "refuses to paint where nothing is selected"
           "nothing is selected; select what is to be painted anew" 'inpaint old)
    (fails "refuses a strength out of range" "strength must be 0 to 1, but is 1.5"
           'vary old '(strength 1.5))
    (fails "refuses a strength below zero" "strength must be 0 to 1, but is -0.5"
           'inpaint old '(strength -0.5))
    (fails "refuses a sigma out of range" "sigma must be 0 to 255, but is 256"
           'denoise old '(sigma 256))
    (fails "names the ways of mixing"
           "mixing must be one of linear, spherical, inversion, but is \"shaken\""
           'interpolate old (list 'to masked) '(mixing "shaken"))
    (fails "says what to do where the model is one of gray pictures"
           "is in colour and gray makes gray pictures; turn it to gray" 'vary old '(model "gray"))
    (fails "says what to do where there is no memory for a tile"
           "a tile of 512 x 512 takes 9 GiB.\nChoose a smaller" 'denoise old '(class "full"))
    (fails "names a model that is not there" "no model is called \"mona\"" 'vary old '(model "mona"))
    (fails "says what to do when the device is lost in a job on a layer"
           "the device was lost in step 1.\nRun it again" 'vary old '(class "lost"))
    (assert-equal "an image is untouched by failures"
                  (list (image-layers image) (pixel old 1 1) (gimp-selection-bounds image)) before)
    (assert-equal "failures leave no undo step" (car (gimp-image-is-dirty image)) FALSE))
  (gimp-image-select-rectangle image CHANNEL-OP-REPLACE 10 10 4 4)
  (fails "refuses a layer of which nothing is selected"
         "nothing of the layer \"small\" is selected; select some of it" 'denoise small)
  (gimp-selection-none image)
  (fails "refuses a floating selection" "is a floating selection; anchor it first"
         'denoise (float-above image old))
  (gimp-image-delete image)
  (gimp-image-delete outside))

(let* ((image (image-with 8 8 RGB-IMAGE '(200 100 50))))
  (make-indexed image)
  (assert-fails "refuses indexed layers, with the remedy"
                "the image is indexed; convert it by Image > Mode > RGB first"
                (lambda () (run-job 'denoise (top image))))
  (gimp-image-delete image))
