using Pharos.Query.LogQL.Pipeline;
using Pharos.Query.LogQL.Syntax;
using Pharos.Storage.Model;

namespace Pharos.Query.LogQL;

/// <summary>Decides by a log query on lines that are in no store: those of a shipper.</summary>
/// <remarks>Not thread-safe.</remarks>
public sealed class LineSelector(LogQueryExpr query, TimeProvider time)
{
    private readonly LogPipeline _pipeline = new(query.Stages, time, wanted: null);

    /// <param name="line">UTF-8.</param>
    public bool Selects(LabelSet labels, ReadOnlySpan<byte> line, long timeNs)
    {
        foreach (var matcher in query.Matchers)
        {
            if (!matcher.Matches(labels[matcher.Name]))
            {
                return false;
            }
        }
        if (query.Stages.Count == 0)
        {
            return true;
        }
        _pipeline.Labels.BeginStream(labels);
        _pipeline.Labels.BeginLine();
        var text = new LogLine(line, timeNs, _pipeline.Labels);
        return _pipeline.Run(ref text);
    }
}
