namespace Pipeline.Reid.Data;

/// <summary>How an epoch of P × K batches is made up.</summary>
public enum SamplerRule
{
    /// <summary>
    /// The published script of RGA: every identity once an epoch, in random order, with K of its pictures (with replacement if it has fewer);
    /// the last, incomplete batch is dropped.
    /// </summary>
    EveryIdentityOnce,

    /// <summary>
    /// AdaptiveReID: the pictures of every identity shuffled and cut into groups of K (the rest dropped, identities with fewer than K left out);
    /// a batch takes one group each of P identities drawn from those with groups left, until fewer than P have any. Then all is shuffled again.
    /// Every epoch begins such a pass anew; the official code runs on into the next epoch.
    /// </summary>
    EveryGroup,

    /// <summary>
    /// Every identity once an epoch, those of a batch seen by one camera as far as there are enough of them, with half of their pictures from it: strangers
    /// before one background under one light, whom no triplet tells apart by the camera. Wants the cameras of the pictures.
    /// </summary>
    SharedCamera,
}
