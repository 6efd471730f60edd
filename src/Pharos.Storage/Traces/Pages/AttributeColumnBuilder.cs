using System.Runtime.InteropServices;
using Pharos.Storage.Encoding;

namespace Pharos.Storage.Traces.Pages;

/// <summary>The values of one key and kind in a page, while they are gathered.</summary>
/// <remarks>Not thread-safe; used again from page to page.</remarks>
internal sealed class AttributeColumnBuilder
{
    private readonly List<long> _numbers = [];
    private readonly TextColumn _texts = new();
    private long _seed;

    public int Number { get; private set; }

    /// <summary>The number of the key's text in the block.</summary>
    public int Key { get; private set; }

    public AttributeKind Kind { get; private set; }

    public int Count { get; private set; }

    /// <summary>Forgets what it holds.</summary>
    /// <param name="seed">As <see cref="AttributeHash"/> makes it of the key.</param>
    public void Begin(int number, int key, AttributeKind kind, long seed)
    {
        (Number, Key, Kind, Count, _seed) = (number, key, kind, 0, seed);
        _numbers.Clear();
        _texts.Clear();
    }

    /// <param name="bits">Of a bool, an integer or a double.</param>
    /// <param name="content">Of any other kind.</param>
    /// <param name="hashes">Gets that of a value which is new here, or may be.</param>
    public void Add(long bits, ReadOnlySpan<byte> content, List<ulong> hashes)
    {
        Count++;
        if (Count == 1 && Kind == AttributeKind.Array)
        {
            hashes.Add(AttributeHash.OfList(_seed));
        }
        switch (Kind)
        {
            case AttributeKind.Bool or AttributeKind.Int or AttributeKind.Double:
                if (_numbers.Count == 0 || _numbers[^1] != bits)
                {
                    hashes.Add(AttributeHash.Of(_seed, AttributeValue.OfBits(Kind, bits)));
                }
                _numbers.Add(bits);
                break;
            case AttributeKind.Empty:
                if (Count == 1)
                {
                    hashes.Add(AttributeHash.Of(_seed, AttributeValue.Empty));
                }
                break;
            case AttributeKind.Bytes:
                AddBytes(content, hashes);
                break;
            default:
                var hash = AttributeHash.OfText(content, _seed);
                if (_texts.Add(content, hash))
                {
                    hashes.Add(hash);
                }
                break;
        }
    }

    public void Write(ByteWriter into)
    {
        if (_numbers.Count > 0)
        {
            NumberColumn.Write(CollectionsMarshal.AsSpan(_numbers), into);
        }
        else if (_texts.Count > 0)
        {
            _texts.Write(into);
        }
    }

    /// <summary>Bytes stand as hexadecimal text.</summary>
    private void AddBytes(ReadOnlySpan<byte> content, List<ulong> hashes)
    {
        var hex = System.Text.Encoding.ASCII.GetBytes(Convert.ToHexString(content));
        if (_texts.Add(hex, AttributeHash.OfText(hex, _seed)))
        {
            hashes.Add(AttributeHash.Of(_seed, AttributeValue.OfBytes(content.ToArray())));
        }
    }
}
