using System.Text;
using Pharos.Storage.Model;

namespace Pharos.Collection.Exposition;

/// <summary>The labels of one exposed series, the metric's name among them, empty values kept.</summary>
/// <remarks>An exposed empty value matters: with honor_labels it keeps a target's label away. Not thread-safe; reused.</remarks>
public sealed class ExposedLabels
{
    private readonly List<Label> _labels = [];

    public IReadOnlyList<Label> Labels => _labels;

    /// <summary>A label name that came twice, or null.</summary>
    public string? Duplicate { get; private set; }

    public void Clear()
    {
        _labels.Clear();
        Duplicate = null;
    }

    /// <summary>Whether the series carried the label, be its value empty.</summary>
    public bool Has(string name)
    {
        foreach (var label in _labels)
        {
            if (string.Equals(label.Name, name, StringComparison.Ordinal))
            {
                return true;
            }
        }
        return false;
    }

    internal void Add(string name, string value)
    {
        if (Has(name))
        {
            Duplicate ??= name;
        }
        _labels.Add(new Label(name, value));
    }

    /// <summary>Gives a label another value, or takes it away where that is null.</summary>
    internal void Replace(string name, string? value)
    {
        _labels.RemoveAll(label => string.Equals(label.Name, name, StringComparison.Ordinal));
        if (value is not null)
        {
            _labels.Add(new Label(name, value));
        }
    }

    internal void AddEscaped(ReadOnlySpan<byte> name, ReadOnlySpan<byte> value) =>
        Add(ExpositionText.Unescape(name), ExpositionText.Unescape(value));

    /// <summary>Prometheus 3 writes the bounds of buckets and quantiles in one form, <c>1</c> as <c>1.0</c>.</summary>
    internal void NormalizeBounds(ReadOnlySpan<byte> familyType)
    {
        var bound = familyType.SequenceEqual("histogram"u8) ? "le" : familyType.SequenceEqual("summary"u8) ? "quantile" : null;
        if (bound is null)
        {
            return;
        }
        for (var i = 0; i < _labels.Count; i++)
        {
            if (_labels[i].Name == bound &&
                ExpositionNumber.TryParse(Encoding.UTF8.GetBytes(_labels[i].Value), out var number))
            {
                _labels[i] = new Label(bound, ExpositionText.FormatBound(number));
            }
        }
    }
}
