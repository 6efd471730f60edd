using System.Collections;
using System.Text;
using Pharos.Storage.Text;

namespace Pharos.Storage.Model;

/// <summary>An immutable set of labels, sorted by name, without empty values.</summary>
/// <remarks>Two sets are equal when their labels are; the hash is computed once, when it is first asked for. Order is ordinal, name first.</remarks>
public sealed class LabelSet : IReadOnlyList<Label>, IEquatable<LabelSet>, IComparable<LabelSet>
{
    public static readonly LabelSet Empty = new([]);

    private readonly Label[] _labels;

    /// <summary>0 until somebody asks; whoever asks at the same time finds the same.</summary>
    private int _hash;

    /// <summary>Takes ownership of <paramref name="sorted"/>: sorted by name, names distinct, no empty value.</summary>
    internal LabelSet(Label[] sorted)
    {
        _labels = sorted;
    }

    public int Count => _labels.Length;

    public Label this[int index] => _labels[index];

    /// <summary>The value of a label, or the empty string where the set has no such label.</summary>
    public string this[string name] => Find(name) is var i && i >= 0 ? _labels[i].Value : "";

    /// <summary>The metric's name, or the empty string.</summary>
    public string MetricName => this[Label.MetricName];

    public ReadOnlySpan<Label> Span => _labels;

    public static LabelSet From(params ReadOnlySpan<Label> labels)
    {
        var sorted = Sorted(labels);
        var kept = 0;
        foreach (var label in sorted)
        {
            kept += label.Value.Length > 0 ? 1 : 0;
        }
        if (kept == sorted.Length)
        {
            return kept == 0 ? Empty : new LabelSet(sorted);
        }
        var full = new Label[kept];
        var at = 0;
        foreach (var label in sorted)
        {
            if (label.Value.Length > 0)
            {
                full[at++] = label;
            }
        }
        return kept == 0 ? Empty : new LabelSet(full);
    }

    public static LabelSet From(params ReadOnlySpan<(string Name, string Value)> labels)
    {
        var builder = new LabelSetBuilder();
        foreach (var (name, value) in labels)
        {
            builder.Set(name, value);
        }
        return builder.Build();
    }

    public static LabelSet From(IEnumerable<KeyValuePair<string, string>> labels)
    {
        var builder = new LabelSetBuilder();
        foreach (var (name, value) in labels)
        {
            builder.Set(name, value);
        }
        return builder.Build();
    }

    /// <summary>A set of names and texts that may be empty, as annotations are. It is not for a series: there, an empty value
    /// means that the label is not there.</summary>
    /// <remarks>Of a name that comes twice the last text stays.</remarks>
    public static LabelSet OfTexts(IEnumerable<KeyValuePair<string, string>> texts) =>
        OfTexts((ReadOnlySpan<Label>)[.. texts.Select(static pair => new Label(pair.Key, pair.Value))]);

    /// <summary>The same.</summary>
    public static LabelSet OfTexts(ReadOnlySpan<Label> texts) => texts.Length == 0 ? Empty : new LabelSet(Sorted(texts));

    public bool Has(string name) => Find(name) >= 0;

    /// <summary>The same set without the metric's name.</summary>
    public LabelSet WithoutMetricName() => Without(Label.MetricName);

    public LabelSet Without(string name)
    {
        var at = Find(name);
        if (at < 0)
        {
            return this;
        }
        var rest = new Label[_labels.Length - 1];
        _labels.AsSpan(0, at).CopyTo(rest);
        _labels.AsSpan(at + 1).CopyTo(rest.AsSpan(at));
        return rest.Length == 0 ? Empty : new LabelSet(rest);
    }

    /// <summary>The same set with one label set, or removed where <paramref name="value"/> is empty.</summary>
    public LabelSet With(string name, string value) => new LabelSetBuilder(this).Set(name, value).Build();

    public bool Equals(LabelSet? other) =>
        other is not null && (ReferenceEquals(this, other) ||
            (GetHashCode() == other.GetHashCode() && HasSame(other._labels)));

    public override bool Equals(object? obj) => Equals(obj as LabelSet);

    public override int GetHashCode()
    {
        if (_hash == 0)
        {
            var hash = default(HashCode);
            foreach (var label in _labels)
            {
                hash.Add(label.Name, StringComparer.Ordinal);
                hash.Add(label.Value, StringComparer.Ordinal);
            }
            _hash = HashOf(hash);
        }
        return _hash;
    }

    /// <summary>What a label adds to a set's hash, the name first: for whoever makes the hashes of many sets of few labels.</summary>
    internal static (int Name, int Value) HashesOf(in Label label) =>
        (StringComparer.Ordinal.GetHashCode(label.Name), StringComparer.Ordinal.GetHashCode(label.Value));

    /// <summary>A set's hash, of what all of its labels added.</summary>
    internal static int HashOf(HashCode added) => added.ToHashCode() is var found and not 0 ? found : 1;

    public static bool operator ==(LabelSet? left, LabelSet? right) => left is null ? right is null : left.Equals(right);

    public static bool operator !=(LabelSet? left, LabelSet? right) => !(left == right);

    public static bool operator <(LabelSet left, LabelSet right) => left.CompareTo(right) < 0;

    public static bool operator >(LabelSet left, LabelSet right) => left.CompareTo(right) > 0;

    public static bool operator <=(LabelSet left, LabelSet right) => left.CompareTo(right) <= 0;

    public static bool operator >=(LabelSet left, LabelSet right) => left.CompareTo(right) >= 0;

    public int CompareTo(LabelSet? other)
    {
        if (other is null)
        {
            return 1;
        }
        var shared = Math.Min(_labels.Length, other._labels.Length);
        for (var i = 0; i < shared; i++)
        {
            var byName = string.CompareOrdinal(_labels[i].Name, other._labels[i].Name);
            if (byName != 0)
            {
                return byName;
            }
            var byValue = string.CompareOrdinal(_labels[i].Value, other._labels[i].Value);
            if (byValue != 0)
            {
                return byValue;
            }
        }
        return _labels.Length.CompareTo(other._labels.Length);
    }

    public IEnumerator<Label> GetEnumerator() => ((IEnumerable<Label>)_labels).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>Prometheus' notation: <c>name{a="b", c="d"}</c>; <c>{}</c> for the empty set.</summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        var name = MetricName;
        if (name.Length > 0 && MetricNames.IsLegacyValid(name))
        {
            text.Append(name);
            if (_labels.Length == 1)
            {
                return text.ToString();
            }
        }
        else
        {
            name = "";
        }
        text.Append('{');
        var first = true;
        foreach (var label in _labels)
        {
            if (name.Length > 0 && label.Name == Label.MetricName)
            {
                continue;
            }
            if (!first)
            {
                text.Append(", ");
            }
            first = false;
            text.Append(MetricNames.IsLegacyValidLabel(label.Name) ? label.Name : GoQuote.Quote(label.Name));
            text.Append('=').Append(GoQuote.Quote(label.Value));
        }
        return text.Append('}').ToString();
    }

    /// <summary>As Go prints a set: the metric's name is a label like the others.</summary>
    public string ToBracedText() => ToBracedText(_labels);

    /// <summary>The same of labels that are no set: empty, or twice of one name.</summary>
    public static string ToBracedText(IEnumerable<Label> labels) => $"{{{string.Join(", ", labels.Select(static label =>
        $"{(MetricNames.IsLegacyValidLabel(label.Name) ? label.Name : GoQuote.Quote(label.Name))}={GoQuote.Quote(label.Value)}"))}}}";

    /// <summary>By name; of a name that comes twice the last one.</summary>
    /// <remarks>Sets are small and often sorted already: each label is put where it belongs.</remarks>
    private static Label[] Sorted(ReadOnlySpan<Label> labels)
    {
        var sorted = new Label[labels.Length];
        var count = 0;
        foreach (var label in labels)
        {
            var at = count;
            var order = -1;
            while (at > 0 && (order = string.CompareOrdinal(sorted[at - 1].Name, label.Name)) > 0)
            {
                at--;
            }
            if (at > 0 && order == 0)
            {
                sorted[at - 1] = label;
                continue;
            }
            Array.Copy(sorted, at, sorted, at + 1, count - at);
            sorted[at] = label;
            count++;
        }
        return count == sorted.Length ? sorted : sorted[..count];
    }

    private bool HasSame(Label[] others)
    {
        if (_labels.Length != others.Length)
        {
            return false;
        }
        for (var i = 0; i < others.Length; i++)
        {
            if (!string.Equals(_labels[i].Value, others[i].Value, StringComparison.Ordinal)
                || !string.Equals(_labels[i].Name, others[i].Name, StringComparison.Ordinal))
            {
                return false;
            }
        }
        return true;
    }

    private int Find(string name)
    {
        // Sets are small (a dozen labels): a straight scan beats a binary search.
        for (var i = 0; i < _labels.Length; i++)
        {
            if (string.Equals(_labels[i].Name, name, StringComparison.Ordinal))
            {
                return i;
            }
        }
        return -1;
    }
}
