using Pharos.Storage.Encoding;

namespace Pharos.Storage.Metrics.Blocks;

/// <summary>Each text of a block's labels once, by number in the order of first use.</summary>
internal sealed class BlockSymbols
{
    private readonly Dictionary<string, int> _numbers = new(StringComparer.Ordinal);
    private readonly List<string> _texts = [];

    public string this[int number] => _texts[number];

    public int NumberOf(string text)
    {
        if (!_numbers.TryGetValue(text, out var number))
        {
            number = _texts.Count;
            _texts.Add(text);
            _numbers.Add(text, number);
        }
        return number;
    }

    public ByteWriter ToSection()
    {
        var section = new ByteWriter(16 * 1024);
        section.UVarint((ulong)_texts.Count);
        foreach (var text in _texts)
        {
            section.Text(text);
        }
        return section;
    }
}
