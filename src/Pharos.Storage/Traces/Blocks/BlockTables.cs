using Pharos.Storage.Encoding;
using Pharos.Storage.Traces.Pages;
using Pharos.Storage.Traces.Records;

namespace Pharos.Storage.Traces.Blocks;

/// <summary>What the pages of a block share: texts, resources and scopes. Immutable.</summary>
internal sealed class BlockTables
{
    private BlockTables(string[] symbols, SpanResource[] resources, (SpanScope Scope, int Resource)[] scopes)
    {
        Symbols = symbols;
        Scopes = Array.ConvertAll(scopes, scope => (resources[scope.Resource], scope.Scope));
    }

    /// <summary>Texts by number; 0 is the empty one.</summary>
    public string[] Symbols { get; }

    /// <summary>Scopes by number, with the resource that each stands below.</summary>
    public (SpanResource Resource, SpanScope Scope)[] Scopes { get; }

    public static BlockTables Read(ref ByteReader reader)
    {
        var symbols = TextTable.Read(ref reader);
        var resources = new SpanResource[reader.Count(minBytesEach: 3)];
        for (var i = 0; i < resources.Length; i++)
        {
            var dropped = (uint)reader.UVarint();
            var schema = AttributeCodec.Text(ref reader, symbols);
            resources[i] = new SpanResource(AttributeCodec.Read(ref reader, symbols), dropped, schema);
        }
        var scopes = new (SpanScope, int)[reader.Count(minBytesEach: 6)];
        for (var i = 0; i < scopes.Length; i++)
        {
            var resource = AttributeCodec.Below(ref reader, resources.Length);
            var (name, version) = (AttributeCodec.Text(ref reader, symbols), AttributeCodec.Text(ref reader, symbols));
            var dropped = (uint)reader.UVarint();
            var schema = AttributeCodec.Text(ref reader, symbols);
            scopes[i] = (new SpanScope(name, version, AttributeCodec.Read(ref reader, symbols), dropped, schema), resource);
        }
        return new BlockTables(symbols, resources, scopes);
    }
}
