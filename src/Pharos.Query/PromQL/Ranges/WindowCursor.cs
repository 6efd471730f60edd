using Pharos.Query.PromQL.Syntax;
using Pharos.Storage.Metrics;

namespace Pharos.Query.PromQL.Ranges;

/// <summary>Moves over one series' samples from window to window, forward only.</summary>
/// <param name="reachMs">How far outside its bounds an extended range looks for a sample.</param>
internal ref struct WindowCursor(
    WindowSamples samples, RangeExtension extension, long reachMs, bool useStartTimes, SeriesNotes notes)
{
    private readonly SampleBuffer _numbers = samples.Numbers;
    private readonly SampleBuffer _histograms = samples.Histograms;
    private Bounds _number;
    private Bounds _histogram;

    /// <summary>False where the window holds nothing that could be made a value of.</summary>
    public bool TryMove(long startMs, long endMs, long evaluationMs, out RangeWindow window)
    {
        var numbers = Move(ref _number, _numbers.Timestamps, startMs, endMs);
        var histograms = Move(ref _histogram, _histograms.Timestamps, startMs, endMs);
        if (numbers.From < _number.From && histograms.From < _histogram.From && extension == RangeExtension.Anchored)
        {
            // The nearest sample before the start is the anchor, whatever it is.
            var numberIsNearer = _numbers.Timestamps[numbers.From] > _histograms.Timestamps[histograms.From];
            numbers.From += numberIsNearer ? 0 : 1;
            histograms.From += numberIsNearer ? 1 : 0;
        }
        window = new RangeWindow
        {
            Numbers = new WindowPoints(_numbers, numbers.From, numbers.To, useStartTimes),
            Histograms = new WindowPoints(_histograms, histograms.From, histograms.To, useStartTimes),
            StartMs = startMs,
            EndMs = endMs,
            EvaluationMs = evaluationMs,
            Extension = extension,
            Notes = notes,
        };
        // Without a sample inside, only what lies between two outside is known.
        return _number.From < _number.To || _histogram.From < _histogram.To
            || (numbers.From < _number.From && numbers.To > _number.To)
            || (histograms.From < _histogram.From && histograms.To > _histogram.To);
    }

    /// <summary>Moves to what lies inside and answers that with what an extended range adds around it.</summary>
    private readonly Bounds Move(ref Bounds inside, ReadOnlySpan<long> times, long startMs, long endMs)
    {
        while (inside.To < times.Length && times[inside.To] <= endMs)
        {
            inside.To++;
        }
        while (inside.From < inside.To && times[inside.From] <= startMs)
        {
            inside.From++;
        }
        var wide = inside;
        if (extension != RangeExtension.None && wide.From > 0 && times[wide.From - 1] > startMs - reachMs)
        {
            wide.From--;
        }
        var endsInside = inside.To > inside.From && times[inside.To - 1] == endMs;
        if (extension == RangeExtension.Smoothed && !endsInside && wide.To < times.Length && times[wide.To] <= endMs + reachMs)
        {
            wide.To++;
        }
        return wide;
    }

    private struct Bounds
    {
        public int From;
        public int To;
    }
}
