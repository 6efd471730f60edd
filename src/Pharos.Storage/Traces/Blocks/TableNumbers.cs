namespace Pharos.Storage.Traces.Blocks;

/// <summary>Which numbers the texts and scopes of a block have in another one that is written; they get one when they are asked for.</summary>
/// <remarks>Not thread-safe.</remarks>
internal sealed class TableNumbers
{
    private const int None = -1;

    private readonly BlockTables _from;
    private readonly BlockTablesBuilder _to;
    private readonly int[] _symbols;
    private readonly int[] _scopes;

    public TableNumbers(BlockTables from, BlockTablesBuilder to)
    {
        (_from, _to, _symbols, _scopes) = (from, to, new int[from.Symbols.Length], new int[from.Scopes.Length]);
        Array.Fill(_symbols, None);
        Array.Fill(_scopes, None);
    }

    public int Symbol(int number)
    {
        ref var known = ref _symbols[number];
        if (known == None)
        {
            known = _to.Symbols.NumberOf(_from.Symbols[number]);
        }
        return known;
    }

    public int Scope(int number)
    {
        ref var known = ref _scopes[number];
        if (known == None)
        {
            known = _to.NumberOf(_from.Scopes[number].Resource, _from.Scopes[number].Scope);
        }
        return known;
    }
}
