using System.Diagnostics.CodeAnalysis;
using Pharos.Query.PromQL.Evaluation;
using Pharos.Storage.Model;

namespace Pharos.Query.PromQL.Aggregations;

/// <summary>Finds the group of a series without making a label set for each series: only a group has one.</summary>
/// <typeparam name="T">What a group is.</typeparam>
internal sealed class GroupTable<T>(IEnumerable<string> names, bool without, Func<LabelSet, T> create)
{
    private readonly string[] _names = [.. names.Distinct(StringComparer.Ordinal)];
    private readonly Dictionary<LabelSet, T> _groups = new(LabelsComparer.Instance);
    private Label[] _kept = new Label[16];
    private (LabelSet Labels, T Group)? _last;

    /// <summary>Whether labels count that describe the metric as it was stored.</summary>
    public bool ReadsMetadata => without || _names.Any(static name => name is Label.MetricName or Label.MetricType or Label.MetricUnit);

    /// <summary>In the order of their first series.</summary>
    public IEnumerable<T> Groups => _groups.Values;

    /// <summary>Labels are asked for only where they matter.</summary>
    public T GroupOf(SeriesColumn column) => GroupOf(!without && _names.Length == 0 ? LabelSet.Empty : column.Labels);

    private T GroupOf(LabelSet labels)
    {
        var kept = Keep(labels);

        // Neighbours are alike, and share their texts.
        if (_last is { } last && kept.SequenceEqual(last.Labels.Span))
        {
            return last.Group;
        }
        if (!_groups.GetAlternateLookup<ReadOnlySpan<Label>>().TryGetValue(kept, out var key, out var group))
        {
            key = LabelSet.From(kept);
            _groups.Add(key, group = create(key));
        }
        _last = (key, group);
        return group;
    }

    private ReadOnlySpan<Label> Keep(LabelSet labels)
    {
        if (!without && _names.Length == 0)
        {
            return [];
        }
        if (_kept.Length < labels.Count)
        {
            _kept = new Label[labels.Count * 2];
        }
        var count = 0;
        foreach (var label in labels.Span)
        {
            // Names are few: to look at each beats hashing.
            var isNamed = Array.IndexOf(_names, label.Name) >= 0;
            if (without ? !isNamed && label.Name != Label.MetricName : isNamed)
            {
                _kept[count++] = label;
            }
        }
        return _kept.AsSpan(0, count);
    }

    /// <summary>Compares sorted labels, in a set or not yet.</summary>
    private sealed class LabelsComparer : IEqualityComparer<LabelSet>, IAlternateEqualityComparer<ReadOnlySpan<Label>, LabelSet>
    {
        public static readonly LabelsComparer Instance = new();

        public bool Equals(LabelSet? left, LabelSet? right) =>
            ReferenceEquals(left, right) || (left is not null && right is not null && left.Span.SequenceEqual(right.Span));

        public bool Equals(ReadOnlySpan<Label> labels, LabelSet other) => labels.SequenceEqual(other.Span);

        public int GetHashCode([DisallowNull] LabelSet labels) => GetHashCode(labels.Span);

        public int GetHashCode(ReadOnlySpan<Label> labels)
        {
            // The values suffice: groups of one table hardly differ by names alone.
            var hash = labels.Length;
            foreach (var label in labels)
            {
                hash = (hash * 31) + string.GetHashCode(label.Value, StringComparison.Ordinal);
            }
            return hash;
        }

        public LabelSet Create(ReadOnlySpan<Label> labels) => LabelSet.From(labels);
    }
}
