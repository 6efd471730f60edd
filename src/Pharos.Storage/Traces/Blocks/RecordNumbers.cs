using Pharos.Storage.Traces.Records;

namespace Pharos.Storage.Traces.Blocks;

/// <summary>Which numbers the texts and scopes of a record have in a block that is written; they get one when they are asked for.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class RecordNumbers
{
    private const int None = -1;

    private readonly BlockTablesBuilder _to;
    private readonly int[] _symbols;
    private readonly (int Scope, int Service)[] _scopes;

    public RecordNumbers(SpanRecord record, BlockTablesBuilder to)
    {
        (Decoder, _to, _symbols, _scopes) = (new SpanRecordDecoder(record), to, new int[record.Texts.Length + 1], new (int, int)[record.Scopes.Length]);
        Array.Fill(_symbols, None);
        Array.Fill(_scopes, (None, None));
    }

    public SpanRecord Record => Decoder.Record;

    public SpanRecordDecoder Decoder { get; }

    public int Symbol(int text)
    {
        ref var known = ref _symbols[text];
        if (known == None)
        {
            known = _to.Symbols.NumberOf(Record.Text(text));
        }
        return known;
    }

    /// <summary>The number of a scope, and that of its service's name.</summary>
    public (int Scope, int Service) Scope(int scope)
    {
        ref var known = ref _scopes[scope];
        if (known.Scope == None)
        {
            var resource = Decoder.ResourceOfScope(scope);
            known = (_to.NumberOf(resource, Decoder.ScopeAt(scope)), _to.Symbols.NumberOf(resource.ServiceName));
        }
        return known;
    }
}
