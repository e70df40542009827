// SPDX-License-Identifier: GPL-3.0-or-later
// Mean and variance of values that are met in parts (Chan, Golub & LeVeque, 1979):
// what the parts' means differ by is added to their squares, so that nothing cancels
// however far from zero the values lie.

struct Moments {
    float count;
    float mean;
    float squares; // sum of (value - mean)^2
};

const Moments NO_MOMENTS = Moments(0.0, 0.0, 0.0);

Moments merged(Moments a, Moments b)
{
    const float count = a.count + b.count;
    if (b.count == 0.0)
        return a;

    const float apart = b.mean - a.mean, share = b.count / count;
    return Moments(count, a.mean + apart * share,
                   a.squares + b.squares + apart * apart * a.count * share);
}
