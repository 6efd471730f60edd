using System.Runtime.InteropServices;
using Pharos.Storage.Encoding;
using Pharos.Storage.Traces.Pages;
using Pharos.Storage.Traces.Records;

namespace Pharos.Storage.Traces.Blocks;

/// <summary>What the pages of a block share, while it is written: texts, resources, scopes, and what a tenant's spans are called.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class BlockTablesBuilder
{
    /// <summary>So many objects that came are known again without being compared.</summary>
    private const int MaxRemembered = 4096;

    private readonly ByteWriter _resources = new();
    private readonly ByteWriter _scopes = new();
    private readonly ByteWriter _one = new();
    private readonly Dictionary<string, int> _resourceNumbers = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> _scopeNumbers = new(StringComparer.Ordinal);
    private readonly Dictionary<(object Resource, object Scope), int> _remembered = new(SameObjects.Instance);
    private readonly HashSet<(int Tenant, int Service, int Name, byte Kind)> _operations = [];
    private readonly Dictionary<(int Tenant, int Key), AttributeScopes> _keys = [];

    public TextTable Symbols { get; } = new();

    /// <summary>Of the spans that come.</summary>
    public int Tenant
    {
        get;
        set
        {
            field = value;
            _remembered.Clear();
        }
    }

    public int ScopeOf(Span span)
    {
        ref var number = ref CollectionsMarshal.GetValueRefOrAddDefault(_remembered, (span.Resource, span.Scope), out var isKnown);
        if (isKnown)
        {
            return number;
        }
        var found = NumberOf(span.Resource, span.Scope);
        number = found;
        if (_remembered.Count > MaxRemembered)
        {
            _remembered.Clear();
        }
        return found;
    }

    /// <summary>The number of a scope below a resource.</summary>
    public int NumberOf(SpanResource resource, SpanScope scope)
    {
        _one.Clear();
        _one.UVarint(resource.DroppedAttributes);
        _one.UVarint((ulong)Symbols.NumberOf(resource.SchemaUrl));
        AttributeCodec.Write(_one, resource.Attributes, Symbols);
        var resourceNumber = Keep(_resourceNumbers, _resources);
        NoteKeys(resource.Attributes, AttributeScopes.Resource);
        _one.Clear();
        _one.UVarint((ulong)resourceNumber);
        _one.UVarint((ulong)Symbols.NumberOf(scope.Name));
        _one.UVarint((ulong)Symbols.NumberOf(scope.Version));
        _one.UVarint(scope.DroppedAttributes);
        _one.UVarint((ulong)Symbols.NumberOf(scope.SchemaUrl));
        AttributeCodec.Write(_one, scope.Attributes, Symbols);
        NoteKeys(scope.Attributes, AttributeScopes.Scope);
        return Keep(_scopeNumbers, _scopes);
    }

    /// <summary>The number of a span's name, which its service is known for from now on.</summary>
    public int NameOf(Span span)
    {
        var name = Symbols.NumberOf(span.Name);
        NoteOperation(Symbols.NumberOf(span.Resource.ServiceName), name, (byte)span.Kind);
        return name;
    }

    /// <summary>Spans of a service are called so.</summary>
    public void NoteOperation(int service, int name, byte kind) => _operations.Add((Tenant, service, name, kind));

    public void NoteKeys(IReadOnlyList<SpanAttribute> attributes, AttributeScopes scope)
    {
        for (var i = 0; i < attributes.Count; i++)
        {
            NoteKey(Symbols.NumberOf(attributes[i].Key), scope);
        }
    }

    public void NoteKey(int key, AttributeScopes scope) => CollectionsMarshal.GetValueRefOrAddDefault(_keys, (Tenant, key), out _) |= scope;

    /// <summary>Adds what the spans of another block are called and have.</summary>
    public void Note(BlockCatalogue catalogue)
    {
        foreach (var (tenant, service, name, kind) in catalogue.Operations)
        {
            _operations.Add((Symbols.NumberOf(tenant), Symbols.NumberOf(service), Symbols.NumberOf(name), (byte)kind));
        }
        foreach (var (tenant, key, scopes) in catalogue.Keys)
        {
            CollectionsMarshal.GetValueRefOrAddDefault(_keys, (Symbols.NumberOf(tenant), Symbols.NumberOf(key)), out _) |= scopes;
        }
    }

    /// <summary>Texts, then resources, then scopes.</summary>
    public void WriteTables(ByteWriter into)
    {
        Symbols.Write(into);
        into.UVarint((ulong)_resourceNumbers.Count);
        into.Bytes(_resources.Written);
        into.UVarint((ulong)_scopeNumbers.Count);
        into.Bytes(_scopes.Written);
    }

    /// <summary>Operations, then keys.</summary>
    public void WriteCatalogue(ByteWriter into)
    {
        into.UVarint((ulong)_operations.Count);
        foreach (var (tenant, service, name, kind) in _operations)
        {
            into.UVarint((ulong)tenant);
            into.UVarint((ulong)service);
            into.UVarint((ulong)name);
            into.U8(kind);
        }
        into.UVarint((ulong)_keys.Count);
        foreach (var ((tenant, key), scopes) in _keys)
        {
            into.UVarint((ulong)tenant);
            into.UVarint((ulong)key);
            into.U8((byte)scopes);
        }
    }

    /// <summary>The number of what was written last, kept where it is new.</summary>
    private int Keep(Dictionary<string, int> numbers, ByteWriter all)
    {
        var content = System.Text.Encoding.Latin1.GetString(_one.Written);
        if (numbers.TryGetValue(content, out var known))
        {
            return known;
        }
        all.Bytes(_one.Written);
        numbers.Add(content, numbers.Count);
        return numbers.Count - 1;
    }

    private sealed class SameObjects : IEqualityComparer<(object Resource, object Scope)>
    {
        public static readonly SameObjects Instance = new();

        public bool Equals((object Resource, object Scope) left, (object Resource, object Scope) right) =>
            ReferenceEquals(left.Resource, right.Resource) && ReferenceEquals(left.Scope, right.Scope);

        public int GetHashCode((object Resource, object Scope) pair) => HashCode.Combine(
            System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(pair.Resource), System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(pair.Scope));
    }
}
