using Pharos.Query.PromQL.Syntax;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>The warnings and infos of a query, each text once, in the order they arose.</summary>
internal sealed class Annotations(string query)
{
    /// <summary>Bounds what one query may remember; the API shows fewer.</summary>
    private const int MaxEach = 1_000;

    private readonly HashSet<string> _seen = new(StringComparer.Ordinal);
    private readonly List<string> _warnings = [];
    private readonly List<string> _infos = [];

    public IReadOnlyList<string> Warnings => _warnings;

    public IReadOnlyList<string> Infos => _infos;

    public void Warn(string message, PositionRange position) =>
        Add(_warnings, $"PromQL warning: {message} ({position.StartIn(query)})");

    public void Inform(string message, PositionRange position) =>
        Add(_infos, $"PromQL info: {message} ({position.StartIn(query)})");

    private void Add(List<string> to, string text)
    {
        if (to.Count < MaxEach && _seen.Add(text))
        {
            to.Add(text);
        }
    }
}
