using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Metrics;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>Moves over one series' samples from window to window, forward only.</summary>
/// <param name="reachMs">How far outside its bounds an extended range looks for a sample.</param>
internal ref struct WindowCursor(SampleBuffer samples, RangeExtension extension, long reachMs)
{
    private int _from;
    private int _to;

    /// <summary>False where the window holds nothing that could be made a value of.</summary>
    public bool TryMove(long startMs, long endMs, long evaluationMs, out RangeWindow window)
    {
        var times = samples.Timestamps;
        while (_to < times.Length && times[_to] <= endMs)
        {
            _to++;
        }
        while (_from < _to && times[_from] <= startMs)
        {
            _from++;
        }
        var (from, to) = (_from, _to);
        if (extension != RangeExtension.None && from > 0 && times[from - 1] > startMs - reachMs)
        {
            from--;
        }
        var endsInside = _to > _from && times[_to - 1] == endMs;
        if (extension == RangeExtension.Smoothed && !endsInside && to < times.Length && times[to] <= endMs + reachMs)
        {
            to++;
        }
        window = new RangeWindow(times[from..to], samples.Values[from..to], startMs, endMs, evaluationMs, extension);
        // Without a sample inside, only what lies between two outside is known.
        return _from < _to || (from < _from && to > _to);
    }
}
