using Pharos.Storage.Model;

namespace Pharos.Server.Api.Loki.Series;

/// <summary>Under which labels the volume of a stream is counted.</summary>
/// <param name="targets">The labels to count by; those of the selector where there is none.</param>
/// <param name="byLabels">Each label on its own, its value left out.</param>
internal sealed class VolumeNaming(IReadOnlyList<LabelMatcher> matchers, IReadOnlyList<string> targets, bool byLabels)
{
    private readonly string[] _names = targets.Count > 0 ? [.. targets.Distinct(StringComparer.Ordinal)]
        : [.. matchers.Where(static matcher => matcher.Value.Length > 0).Select(static matcher => matcher.Name).Distinct(StringComparer.Ordinal)];

    public IEnumerable<LabelSet> Of(LabelSet stream)
    {
        if (byLabels)
        {
            return targets.Count == 0 && _names.Length == 0 ? stream.Select(static label => LabelOnly(label.Name))
                : (targets.Count == 0 ? stream.Select(static label => label.Name) : _names).Where(stream.Has).Select(LabelOnly);
        }
        if (_names.Length == 0)
        {
            return [stream];
        }
        var kept = stream.Where(label => _names.Contains(label.Name, StringComparer.Ordinal)).ToArray();
        // A stream without one of the labels is no part of a volume by it.
        return targets.Count > 0 && kept.Length < _names.Length ? [] : [LabelSet.From(kept)];
    }

    /// <summary>Loki says a label whose values are counted together as <c>{name=""}</c>.</summary>
    private static LabelSet LabelOnly(string name) => LabelSet.OfTexts([new Label(name, "")]);
}
