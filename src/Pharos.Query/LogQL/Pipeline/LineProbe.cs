using Pharos.Query.LogQL.Syntax;

namespace Pharos.Query.LogQL.Pipeline;

/// <summary>Decides whether a line will pass before all of its labels are made: the stages up to the last filter, with only the labels that
/// they look at.</summary>
/// <remarks>What is exploited: a filter behind a parser drops most lines, and making a label costs more than passing over it. It gives itself up
/// where most lines pass. <see cref="Probing.JsonFieldProbe"/> is asked before it and decides most lines; this is for what is left.
/// Not thread-safe.</remarks>
internal sealed class LineProbe
{
    private const int LinesPerJudgement = 1024;

    private readonly LogPipeline _pipeline;
    private int _seen;
    private int _passed;
    private bool _isGivenUp;

    private LineProbe(LogPipeline pipeline) => _pipeline = pipeline;

    public LineLabels Labels => _pipeline.Labels;

    public LabelKeys Keys => _pipeline.Keys;

    public bool IsUseful => !_isGivenUp;

    /// <summary>Null where there is nothing to gain.</summary>
    public static LineProbe? For(IReadOnlyList<LogStage> stages, TimeProvider time)
    {
        var (last, parses) = (-1, false);
        for (var i = 0; i < stages.Count; i++)
        {
            last = parses && stages[i] is LogStage.Filter ? i : last;
            parses |= stages[i] is LogStage.Json { Expressions.Count: 0 } or LogStage.Logfmt { Expressions.Count: 0 };
        }
        if (last < 0)
        {
            return null;
        }
        var decisive = stages.Take(last + 1).ToList();
        var range = new LogRange(new LogQueryExpr([], decisive), null, 0, 0);
        return LabelNeeds.Of(range, new LogGrouping([], Without: false)) is { } wanted
            ? new LineProbe(new LogPipeline(decisive, time, wanted, stopsEarly: false)) : null;
    }

    /// <summary>False only if the line will be dropped. Its labels must have been set.</summary>
    public bool MayPass(ref LogLine line)
    {
        var passes = _pipeline.Run(ref line);
        _passed += passes ? 1 : 0;
        if (++_seen == LinesPerJudgement)
        {
            _isGivenUp = _passed > LinesPerJudgement / 2;
            (_seen, _passed) = (0, 0);
        }
        return passes;
    }
}
