; SPDX-License-Identifier: GPL-3.0-or-later
; GIMP 3.0's procedures, under the words that the assertions use.

; The procedure, with the arguments of the list `asked`; all others are left open.
(define (call-procedure mode image asked)
  (let ((of (lambda (name otherwise)
              (let ((entry (assq name asked))) (if entry (cadr entry) otherwise)))))
    (plug-in-diffusion-generate
     #:run-mode mode #:image image
     #:model (of 'model "") #:class (of 'class "") #:width (of 'width 0)
     #:height (of 'height 0) #:count (of 'count 0) #:steps (of 'steps 0)
     #:seed (of 'seed 0) #:guidance (of 'guidance 0) #:schedule (of 'schedule "")
     #:sampler (of 'sampler "") #:script-params (of 'script-params "")
     #:device (of 'device ""))))

; The image and the new layers, as one list.
(define (generate image . asked)
  (let ((values (call-procedure RUN-NONINTERACTIVE image asked)))
    (cons (car values) (vector->list (cadr values)))))

(define (image-new width height type) (car (gimp-image-new width height type)))
(define (image-new-precise width height precision)
  (car (gimp-image-new-with-precision
        width height RGB
        (cond ((eq? precision 'u8) PRECISION-U8-NON-LINEAR)
              ((eq? precision 'u8-linear) PRECISION-U8-LINEAR)
              ((eq? precision 'u16) PRECISION-U16-NON-LINEAR)
              ((eq? precision 'float-linear) PRECISION-FLOAT-LINEAR)))))
(define (image-width image) (car (gimp-image-get-width image)))
(define (image-height image) (car (gimp-image-get-height image)))
(define (image-type image) (car (gimp-image-get-base-type image)))
(define (image-layers image) (vector->list (car (gimp-image-get-layers image))))
(define (image-active-layer image) (vector-ref (car (gimp-image-get-selected-layers image)) 0))
(define (num-images) (vector-length (car (gimp-get-images))))
(define refusal-of-width "") ; GIMP itself refuses, and tells nobody who catches it
(define (make-indexed image) (gimp-image-convert-indexed image 0 0 8 FALSE FALSE ""))
(define (assign-profile image path)
  (gimp-image-set-color-profile-from-file image path))
(define (make-8-bit image)
  (if (not (= (car (gimp-image-get-precision image)) PRECISION-U8-NON-LINEAR))
      (gimp-image-convert-precision image PRECISION-U8-NON-LINEAR)))
(define (load-picture path) (car (gimp-file-load RUN-NONINTERACTIVE path)))

(define (layer-new image width height type name)
  (let ((layer (car (gimp-layer-new image name width height type 100 LAYER-MODE-NORMAL))))
    (gimp-image-insert-layer image layer -1 -1)
    layer))
(define (group-new image)
  (let ((group (car (gimp-group-layer-new image "group"))))
    (gimp-image-insert-layer image group -1 -1)
    group))
(define (layer-into-group image group width height type)
  (let ((layer (car (gimp-layer-new image "inner" width height type 100 LAYER-MODE-NORMAL))))
    (gimp-image-insert-layer image layer group -1)
    (gimp-image-set-selected-layers image (vector layer))
    layer))
(define (group-size group) (vector-length (car (gimp-item-get-children group))))
(define (fill-layer layer colour)
  (gimp-context-set-foreground colour)
  (gimp-drawable-fill layer FILL-FOREGROUND))
(define (layer-name layer) (car (gimp-item-get-name layer)))
(define (layer-type layer) (car (gimp-drawable-type layer)))
(define (layer-size layer)
  (list (car (gimp-drawable-get-width layer)) (car (gimp-drawable-get-height layer))))
(define (layer-place layer) (gimp-drawable-get-offsets layer))
(define (layer-recipe layer) (caddr (car (gimp-item-get-parasite layer "sfumato-recipe"))))
(define (pixel layer x y) (car (gimp-drawable-get-pixel layer x y)))
