using Pharos.Query.LogQL.Pipeline.Stages;
using Pharos.Query.LogQL.Syntax;

namespace Pharos.Query.LogQL.Pipeline;

/// <summary>The stages of a query, ready to run on lines one by one.</summary>
/// <remarks>Not thread-safe: each worker has its own.</remarks>
internal sealed class LogPipeline
{
    private readonly LineStage[] _stages;

    /// <param name="stages">What lines go through.</param>
    /// <param name="time">What templates call now.</param>
    /// <param name="wanted">The only labels that anybody will look at; null for all.</param>
    /// <param name="stopsEarly">See <see cref="LabelKeys.StopsEarly"/>.</param>
    public LogPipeline(IReadOnlyList<LogStage> stages, TimeProvider time, IReadOnlyCollection<string>? wanted, bool stopsEarly = true)
    {
        Keys = new LabelKeys();
        Labels = new LineLabels(Keys);
        if (wanted is not null)
        {
            Keys.Want(wanted, stopsEarly);
        }
        _stages = [.. stages.Select(stage => Compile(stage, Keys, time))];
    }

    public LabelKeys Keys { get; }

    /// <summary>Of the line that is worked on.</summary>
    public LineLabels Labels { get; }

    /// <summary>False where a stage drops the line. Its labels must have been set.</summary>
    public bool Run(ref LogLine line)
    {
        foreach (var stage in _stages)
        {
            if (!stage.Apply(ref line))
            {
                return false;
            }
        }
        return true;
    }

    public static LineStage Compile(LogStage stage, LabelKeys keys, TimeProvider time) => stage switch
    {
        LogStage.Line line => new LineFilterStage(line),
        LogStage.Json { Expressions.Count: 0 } => new JsonStage(keys),
        LogStage.Json json => new JsonPathStage(json, keys),
        LogStage.Logfmt logfmt => new LogfmtStage(logfmt, keys),
        LogStage.Regexp regexp => new RegexpStage(regexp, keys),
        LogStage.Pattern pattern => new PatternStage(pattern, keys),
        LogStage.Unpack => new UnpackStage(keys),
        LogStage.Filter filter => new LabelFilterStage(filter.Condition, keys),
        LogStage.LineFormat format => new LineFormatStage(format, keys, time),
        LogStage.LabelFormat format => new LabelFormatStage(format, keys, time),
        LogStage.Decolorize => new DecolorizeStage(),
        LogStage.Drop drop => new DropStage(drop, keys),
        LogStage.Keep keep => new KeepStage(keep, keys),
        _ => throw new System.Diagnostics.UnreachableException(),
    };
}
