using Pharos.Storage.Encoding;
using Pharos.Storage.Traces.Pages;
using Pharos.Storage.Traces.Querying;

namespace Pharos.Storage.Traces.Blocks;

/// <summary>What the spans of a whole block are called and which keys they have. Immutable.</summary>
internal sealed class BlockCatalogue
{
    private BlockCatalogue((string, string, string, SpanKind)[] operations, (string, string, AttributeScopes)[] keys) =>
        (Operations, Keys) = (operations, keys);

    public (string Tenant, string Service, string Name, SpanKind Kind)[] Operations { get; }

    public (string Tenant, string Key, AttributeScopes Scopes)[] Keys { get; }

    /// <summary>Operations where they are wanted, else keys.</summary>
    public void Tell(string tenant, ISpanFacts into)
    {
        if (into.WantsOperations)
        {
            foreach (var operation in Operations)
            {
                if (operation.Tenant == tenant)
                {
                    into.Operation(operation.Service, operation.Name, operation.Kind);
                }
            }
            return;
        }
        foreach (var (owner, key, scopes) in Keys)
        {
            if (owner == tenant && (scopes & into.WantedScopes) != 0)
            {
                into.Key(key);
            }
        }
    }

    public bool Has(string tenant, string key, AttributeScopes scopes)
    {
        foreach (var (owner, known, where) in Keys)
        {
            if (known == key && owner == tenant && (where & scopes) != 0)
            {
                return true;
            }
        }
        return false;
    }

    public static BlockCatalogue Read(ref ByteReader reader, string[] symbols)
    {
        var operations = new (string, string, string, SpanKind)[reader.Count(minBytesEach: 4)];
        for (var i = 0; i < operations.Length; i++)
        {
            operations[i] = (AttributeCodec.Text(ref reader, symbols), AttributeCodec.Text(ref reader, symbols),
                AttributeCodec.Text(ref reader, symbols), (SpanKind)reader.U8());
        }
        var keys = new (string, string, AttributeScopes)[reader.Count(minBytesEach: 3)];
        for (var i = 0; i < keys.Length; i++)
        {
            keys[i] = (AttributeCodec.Text(ref reader, symbols), AttributeCodec.Text(ref reader, symbols), (AttributeScopes)reader.U8());
        }
        return new BlockCatalogue(operations, keys);
    }
}
