namespace Pharos.Query.PromQL.Functions.Histograms;

/// <summary>What observations of NaN, which are counted but lie in no bucket, did to an answer.</summary>
internal enum NaNObservations
{
    None,

    /// <summary>The quantile lies among them: it is NaN.</summary>
    ResultIsNaN,

    /// <summary>They rank above all others, so the quantile is higher than it would be without them.</summary>
    ResultIsSkewed,

    /// <summary>They are in no fraction.</summary>
    Excluded,
}
