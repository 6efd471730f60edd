using Pharos.Query.PromQL.Syntax;

namespace Pharos.Query.PromQL.Evaluation;

/// <summary>The warnings and infos of a query, each text once, in the order they arose.</summary>
internal sealed class Annotations(string query)
{
    /// <summary>Bounds what one query may remember; the API shows fewer.</summary>
    private const int MaxEach = 1_000;

    private readonly Dictionary<string, ForcedMonotonicity?> _seen = new(StringComparer.Ordinal);
    private readonly List<string> _warnings = [];
    private readonly List<string> _infos = [];

    public IReadOnlyList<string> Warnings => _warnings;

    public IReadOnlyList<string> Infos => [.. _infos.Select(text => _seen[text]?.Describe(text) ?? text)];

    public void Warn(string message, PositionRange position) =>
        Add(_warnings, $"PromQL warning: {message} ({position.StartIn(query)})", null);

    public void Inform(string message, PositionRange position) =>
        Add(_infos, $"PromQL info: {message} ({position.StartIn(query)})", null);

    /// <summary>As <see cref="Inform(string, PositionRange)"/>; equal messages are one, with their details joined.</summary>
    public void Inform(string message, PositionRange position, ForcedMonotonicity details) =>
        Add(_infos, $"PromQL info: {message} ({position.StartIn(query)})", details);

    /// <summary>Takes over what another part of the same query noted.</summary>
    public void Add(Annotations other)
    {
        other._warnings.ForEach(text => Add(_warnings, text, null));
        other._infos.ForEach(text => Add(_infos, text, other._seen[text]));
    }

    private void Add(List<string> to, string text, ForcedMonotonicity? details)
    {
        if (_seen.TryGetValue(text, out var known))
        {
            _seen[text] = known is not null && details is not null ? known.Join(details) : known;
        }
        else if (to.Count < MaxEach)
        {
            _seen.Add(text, details);
            to.Add(text);
        }
    }
}
