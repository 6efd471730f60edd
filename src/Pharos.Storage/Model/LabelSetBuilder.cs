namespace Pharos.Storage.Model;

/// <summary>Collects labels in any order; a later value replaces an earlier one, an empty one removes it.</summary>
/// <remarks>Not thread-safe. <see cref="Reset"/> makes one builder serve many sets.</remarks>
public sealed class LabelSetBuilder
{
    private readonly List<Label> _labels = [];

    public LabelSetBuilder()
    {
    }

    public LabelSetBuilder(LabelSet start) => Reset(start);

    public string this[string name]
    {
        get
        {
            var at = IndexOf(name);
            return at < 0 ? "" : _labels[at].Value;
        }
    }

    /// <summary>The labels as they stand, in no promised order.</summary>
    public IReadOnlyList<Label> Labels => _labels;

    public LabelSetBuilder Reset(LabelSet? start = null)
    {
        _labels.Clear();
        if (start is not null)
        {
            _labels.AddRange(start.Span);
        }
        return this;
    }

    public LabelSetBuilder Set(string name, string value)
    {
        var at = IndexOf(name);
        if (value.Length == 0)
        {
            if (at >= 0)
            {
                _labels.RemoveAt(at);
            }
        }
        else if (at >= 0)
        {
            _labels[at] = new Label(name, value);
        }
        else
        {
            _labels.Add(new Label(name, value));
        }
        return this;
    }

    public bool Has(string name) => IndexOf(name) >= 0;

    public LabelSetBuilder Remove(string name) => Set(name, "");

    public LabelSet Build()
    {
        if (_labels.Count == 0)
        {
            return LabelSet.Empty;
        }
        var sorted = _labels.ToArray();
        Array.Sort(sorted, static (a, b) => string.CompareOrdinal(a.Name, b.Name));
        return new LabelSet(sorted);
    }

    private int IndexOf(string name)
    {
        for (var i = 0; i < _labels.Count; i++)
        {
            if (string.Equals(_labels[i].Name, name, StringComparison.Ordinal))
            {
                return i;
            }
        }
        return -1;
    }
}
