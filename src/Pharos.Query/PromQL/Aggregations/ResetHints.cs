using Pharos.Storage.Histograms;

namespace Pharos.Query.PromQL.Aggregations;

/// <summary>What the histograms of one aggregation said of resets.</summary>
internal struct ResetHints
{
    private bool _reset;
    private bool _noReset;

    public readonly bool Collide => _reset && _noReset;

    public void See(NativeHistogram histogram)
    {
        _reset |= histogram.ResetHint == CounterResetHint.CounterReset;
        _noReset |= histogram.ResetHint == CounterResetHint.NotCounterReset;
    }
}
