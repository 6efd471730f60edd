using System.Text.Unicode;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Collection.Exposition;

/// <summary>The labels of one exposed series, the metric's name among them, empty values kept.</summary>
/// <remarks>An exposed empty value matters: with honor_labels it keeps a target's label away. Not thread-safe; reused.</remarks>
public sealed class ExposedLabels
{
    private readonly List<Label> _labels = [];

    public IReadOnlyList<Label> Labels => _labels;

    /// <summary>A label name that came twice, or null.</summary>
    public string? Duplicate { get; private set; }

    /// <summary>A name, that of the metric among them, is no UTF-8; its bytes are kept as <see cref="GoQuote"/> keeps them.</summary>
    public bool HasBrokenName { get; private set; }

    public void Clear()
    {
        _labels.Clear();
        Duplicate = null;
        HasBrokenName = false;
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
        Add(ReadName(name), ExpositionText.Unescape(value));

    internal void AddEscaped(string name, ReadOnlySpan<byte> metricName) => Add(name, ReadName(metricName));

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
            if (_labels[i].Name == bound && GoFloat.TryParse(_labels[i].Value, out var number))
            {
                _labels[i] = new Label(bound, ExpositionText.FormatBound(number));
            }
        }
    }

    private string ReadName(ReadOnlySpan<byte> name)
    {
        if (Utf8.IsValid(name))
        {
            return ExpositionText.Unescape(name);
        }
        HasBrokenName = true;
        return GoQuote.FromBytes(name);
    }
}
