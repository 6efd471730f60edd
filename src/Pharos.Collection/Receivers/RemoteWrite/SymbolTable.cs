using Pharos.Collection.Hashing;
using Pharos.Collection.Protobuf;

namespace Pharos.Collection.Receivers.RemoteWrite;

/// <summary>The table of symbols of one request of protocol 2.0: their places, their hashes, and the texts of those that were asked for.
/// Reused from request to request.</summary>
/// <remarks>A request's numbers of symbols mean nothing in the next; the hashes stand for the symbols themselves.</remarks>
/// <param name="hasher">Of the symbols.</param>
internal sealed class SymbolTable(TextHasher hasher)
{
    private const int SymbolField = 4;

    /// <summary>A larger table is not kept for the next request: 2 MB.</summary>
    private const int MaxKept = 32 * 1024;

    private readonly TextHash _metricName = hasher.HashOf("__name__"u8);
    private Symbol[] _symbols = new Symbol[256];

    public int Count { get; private set; }

    /// <summary>Takes over the table of a request, wherever in it the symbols stand.</summary>
    /// <exception cref="InvalidDataException">The bytes are no message.</exception>
    public void Read(ReadOnlySpan<byte> request)
    {
        if (_symbols.Length > MaxKept)
        {
            _symbols = new Symbol[256];
        }
        Array.Clear(_symbols, 0, Math.Min(Count, _symbols.Length));
        Count = 0;
        var fields = new ProtobufReader(request);
        while (fields.Next(out var field))
        {
            if (field != SymbolField)
            {
                fields.Skip();
                continue;
            }
            var symbol = fields.Bytes();
            if (Count == _symbols.Length)
            {
                Array.Resize(ref _symbols, Count * 2);
            }
            _symbols[Count++] = new Symbol(request.Length - fields.Remaining - symbol.Length, symbol.Length, hasher.HashOf(symbol));
        }
    }

    public TextHash HashAt(int number) => _symbols[number].Hash;

    /// <summary>Whether a symbol is the name of the label that holds the metric's name.</summary>
    public bool IsMetricName(TextHash symbol) => symbol == _metricName;

    /// <param name="request">The one that was read.</param>
    public RemoteText TextAt(ReadOnlySpan<byte> request, int number)
    {
        ref var symbol = ref _symbols[number];
        if (symbol.Text.Text is null)
        {
            symbol.Text = RemoteText.From(request.Slice(symbol.Start, symbol.Length));
        }
        return symbol.Text;
    }

    private struct Symbol(int start, int length, TextHash hash)
    {
        public readonly int Start = start;
        public readonly int Length = length;
        public readonly TextHash Hash = hash;

        /// <summary>Without a text until it is asked for.</summary>
        public RemoteText Text;
    }
}
