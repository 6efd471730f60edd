using Pharos.Storage.Traces.Pages;
using Pharos.Storage.Traces.Search;

namespace Pharos.Storage.Traces.Blocks;

/// <summary>A filter as one block understands it: what of it is decided once for the block, once for a page, and for each row.</summary>
/// <remarks>Not thread-safe. Agrees with <see cref="SpanMatch"/>.</remarks>
internal sealed class BlockFilter
{
    private const byte Unknown = 0;
    private const byte Yes = 1;
    private const byte No = 2;

    private readonly TraceFilter _filter;
    private readonly BlockTables _tables;
    private readonly Condition[] _conditions;

    public BlockFilter(TraceFilter filter, BlockTables tables)
    {
        (_filter, _tables) = (filter, tables);
        _conditions = [.. filter.Conditions.Select(condition => new Condition(condition, tables)).OrderBy(static condition => condition.Cost)];
    }

    /// <summary>False only if no span of a page satisfies the filter, as far as the directory tells.</summary>
    public bool MayMatch(PageEntry page)
    {
        if (page.MaxStartNs < _filter.StartNs || page.MinStartNs >= _filter.EndNs)
        {
            return false;
        }
        foreach (var condition in _conditions)
        {
            if (condition.MayMatch(page, _tables) != _filter.NeedsAll)
            {
                return !_filter.NeedsAll;
            }
        }
        return _filter.NeedsAll || _conditions.Length == 0;
    }

    /// <summary>Which rows satisfy the filter; null for none.</summary>
    /// <exception cref="IOException">The page cannot be read.</exception>
    public bool[]? Match(SpanPage page)
    {
        if (!MayMatchByFilter(page))
        {
            return null;
        }
        var rows = new bool[page.Entry.Rows];
        Array.Fill(rows, _filter.NeedsAll || _conditions.Length == 0);
        var one = _conditions.Length > 0 ? new bool[rows.Length] : [];
        foreach (var condition in _conditions)
        {
            Array.Clear(one);
            condition.Match(page, _tables, one);
            var any = false;
            for (var row = 0; row < rows.Length; row++)
            {
                rows[row] = _filter.NeedsAll ? rows[row] & one[row] : rows[row] | one[row];
                any |= rows[row];
            }
            if (_filter.NeedsAll && !any)
            {
                return null;
            }
        }
        if (page.Entry.MinStartNs < _filter.StartNs || page.Entry.MaxStartNs >= _filter.EndNs)
        {
            var starts = page.Starts;
            for (var row = 0; row < rows.Length; row++)
            {
                rows[row] &= starts[row] >= _filter.StartNs && starts[row] < _filter.EndNs;
            }
        }
        return rows;
    }

    private bool MayMatchByFilter(SpanPage page)
    {
        if (_conditions.Length == 0)
        {
            return true;
        }
        foreach (var condition in _conditions)
        {
            if (condition.MayMatchByFilter(page, _tables) != _filter.NeedsAll)
            {
                return !_filter.NeedsAll;
            }
        }
        return _filter.NeedsAll;
    }

    private sealed class Condition
    {
        private const AttributeScopes Shared = AttributeScopes.Resource | AttributeScopes.Scope;

        private readonly SpanCondition _condition;
        private readonly byte[] _ofScope;
        private readonly byte[] _ofSymbol;

        /// <summary>Hashes of which one is in the filter of each page with a value that satisfies it; empty where none can be named.</summary>
        private readonly ulong[] _hashes = [];

        public Condition(SpanCondition condition, BlockTables tables)
        {
            _condition = condition;
            _ofScope = new byte[tables.Scopes.Length];
            _ofSymbol = condition.Field is SpanField.Name or SpanField.RootService or SpanField.RootName ? new byte[tables.Symbols.Length] : [];
            if (condition.Field == SpanField.Attribute && condition.Operator is SpanOperator.Equal or SpanOperator.TextEqual)
            {
                _hashes = HashesOf(condition);
            }
            Cost = condition.Field switch
            {
                SpanField.Service or SpanField.ScopeName or SpanField.ScopeVersion or SpanField.Name or SpanField.Kind or SpanField.Status => 0,
                SpanField.Duration or SpanField.TraceDuration or SpanField.RootService or SpanField.RootName => 1,
                SpanField.Attribute => (condition.Scopes & (AttributeScopes.Event | AttributeScopes.Link)) == 0 ? 2 : 3,
                _ => 4,
            };
        }

        public int Cost { get; }

        public bool MayMatch(PageEntry page, BlockTables tables)
        {
            switch (_condition.Field)
            {
                case SpanField.Service or SpanField.ScopeName or SpanField.ScopeVersion:
                    return AnyScope(page, tables);
                case SpanField.Attribute when (_condition.Scopes & ~Shared) == 0:
                    return AnyScope(page, tables);
                case SpanField.Kind:
                    return MayMatchBits(page.Kinds);
                case SpanField.Status:
                    return MayMatchBits(page.Statuses);
                case SpanField.Duration when _condition.Value.Kind is AttributeKind.Int:
                    var wanted = _condition.Value.Int;
                    return _condition.Operator switch
                    {
                        SpanOperator.Equal => wanted >= page.MinDurationNs && wanted <= page.MaxDurationNs,
                        SpanOperator.Greater => page.MaxDurationNs > wanted,
                        SpanOperator.GreaterOrEqual => page.MaxDurationNs >= wanted,
                        SpanOperator.Less => page.MinDurationNs < wanted,
                        SpanOperator.LessOrEqual => page.MinDurationNs <= wanted,
                        _ => true,
                    };
                default:
                    return true;
            }
        }

        public bool MayMatchByFilter(SpanPage page, BlockTables tables) =>
            _hashes.Length == 0 || (_condition.Scopes & Shared) != 0 && AnyScope(page.Entry, tables) || page.MayHave(_hashes);

        public void Match(SpanPage page, BlockTables tables, bool[] rows)
        {
            switch (_condition.Field)
            {
                case SpanField.Service or SpanField.ScopeName or SpanField.ScopeVersion:
                    MatchScopes(page, tables, rows);
                    break;
                case SpanField.Name:
                    for (var row = 0; row < rows.Length; row++)
                    {
                        rows[row] = OfSymbol(page.Names[row], tables);
                    }
                    break;
                case SpanField.Kind:
                    MatchBytes(page.Kinds, rows);
                    break;
                case SpanField.Status:
                    MatchBytes(page.Statuses, rows);
                    break;
                case SpanField.StatusMessage:
                    MatchStatusMessages(page, rows);
                    break;
                case SpanField.Duration:
                    var durations = page.Durations;
                    for (var row = 0; row < rows.Length; row++)
                    {
                        rows[row] = SpanMatch.Compare(AttributeValue.OfInt(durations[row]), _condition);
                    }
                    break;
                case SpanField.Attribute:
                    MatchAttributes(page, tables, rows);
                    break;
                case SpanField.EventName:
                    for (var row = 0; row < rows.Length && page.HasExtras; row++)
                    {
                        rows[row] = Array.Exists(page.Extras(row).Events, happened => SpanMatch.Compare(AttributeValue.OfText(happened.Name), _condition));
                    }
                    break;
                default:
                    MatchTraces(page, tables, rows);
                    break;
            }
        }

        private static ulong[] HashesOf(SpanCondition condition)
        {
            var seed = AttributeHash.SeedOf(condition.Key);
            if (condition.Operator == SpanOperator.Equal)
            {
                // A double that is no number equals nothing, and no text that it is written as is asked for.
                return [AttributeHash.Of(seed, condition.Value), AttributeHash.OfList(seed)];
            }
            var text = condition.Value.ToString();
            var asText = AttributeHash.OfText(text, seed);
            return AttributeHash.TryOfNumber(seed, text, out var asNumber) ? [asText, asNumber] : [asText];
        }

        private void MatchScopes(SpanPage page, BlockTables tables, bool[] rows)
        {
            var scopes = page.Scopes;
            for (var row = 0; row < rows.Length; row++)
            {
                rows[row] = OfScope(scopes[row], tables);
            }
        }

        private void MatchBytes(byte[] bytes, bool[] rows)
        {
            Span<byte> known = stackalloc byte[byte.MaxValue + 1];
            known.Clear();
            for (var row = 0; row < rows.Length; row++)
            {
                ref var answer = ref known[bytes[row]];
                if (answer == Unknown)
                {
                    answer = SpanMatch.Compare(AttributeValue.OfInt(bytes[row]), _condition) ? Yes : No;
                }
                rows[row] = answer == Yes;
            }
        }

        private void MatchStatusMessages(SpanPage page, bool[] rows)
        {
            var numbers = page.StatusMessages;
            var texts = Array.ConvertAll(page.Texts, text => SpanMatch.Compare(AttributeValue.OfText(text), _condition));
            for (var row = 0; row < rows.Length; row++)
            {
                rows[row] = texts[numbers[row]];
            }
        }

        private void MatchAttributes(SpanPage page, BlockTables tables, bool[] rows)
        {
            if ((_condition.Scopes & Shared) != 0)
            {
                MatchScopes(page, tables, rows);
            }
            if ((_condition.Scopes & AttributeScopes.Span) != 0)
            {
                MatchColumns(page, tables, rows);
            }
            if ((_condition.Scopes & (AttributeScopes.Event | AttributeScopes.Link)) != 0 && page.HasExtras)
            {
                for (var row = 0; row < rows.Length; row++)
                {
                    rows[row] = rows[row] || OfExtras(page.Extras(row));
                }
            }
        }

        private void MatchColumns(SpanPage page, BlockTables tables, bool[] rows)
        {
            var columns = page.Columns;
            var matches = new bool[columns.Length][];
            var any = false;
            for (var i = 0; i < columns.Length; i++)
            {
                if (tables.Symbols[columns[i].Key] == _condition.Key)
                {
                    matches[i] = page.Column(i).Match(_condition);
                    any |= Array.IndexOf(matches[i], true) >= 0;
                }
            }
            if (!any)
            {
                return;
            }
            var (shapes, shapeOfRow) = (page.Shapes, page.ShapeOfRow);

            // Of most shapes only one attribute, if any, has the key.
            var asked = Array.ConvertAll(shapes, shape => Array.FindAll(shape, column => matches[column] is not null));
            var positions = new int[columns.Length];
            for (var row = 0; row < rows.Length; row++)
            {
                foreach (var column in asked[shapeOfRow[row]])
                {
                    rows[row] |= matches[column][positions[column]++];
                }
            }
        }

        /// <summary>Conditions on the whole trace, of a page whose traces are nowhere else.</summary>
        private void MatchTraces(SpanPage page, BlockTables tables, bool[] rows)
        {
            var (traces, firsts) = (page.Traces, page.FirstRows);
            for (var piece = 0; piece < page.Entry.Traces; piece++)
            {
                var satisfies = _condition.Field switch
                {
                    SpanField.TraceDuration =>
                        SpanMatch.Compare(AttributeValue.OfInt(traces.Ends[piece] - traces.Starts[piece]), _condition),
                    SpanField.RootService => OfSymbol(traces.RootServices[piece], tables),
                    _ => OfSymbol(traces.RootNames[piece], tables),
                };
                Array.Fill(rows, satisfies, firsts[piece], firsts[piece + 1] - firsts[piece]);
            }
        }

        private bool OfExtras((SpanEvent[] Events, SpanLink[] Links) extras) =>
            (_condition.Scopes & AttributeScopes.Event) != 0 && Array.Exists(extras.Events, happened => AnyOf(happened.Attributes))
            || (_condition.Scopes & AttributeScopes.Link) != 0 && Array.Exists(extras.Links, link => AnyOf(link.Attributes));

        private bool AnyOf(IReadOnlyList<SpanAttribute> attributes)
        {
            for (var i = 0; i < attributes.Count; i++)
            {
                if (attributes[i].Key == _condition.Key && SpanMatch.Compare(attributes[i].Value, _condition))
                {
                    return true;
                }
            }
            return false;
        }

        private bool MayMatchBits(uint bits)
        {
            if ((bits >> 31) != 0)
            {
                return true;
            }
            for (byte number = 0; bits != 0; number++, bits >>= 1)
            {
                if ((bits & 1) != 0 && SpanMatch.Compare(AttributeValue.OfInt(number), _condition))
                {
                    return true;
                }
            }
            return false;
        }

        private bool AnyScope(PageEntry page, BlockTables tables)
        {
            foreach (var scope in page.Scopes)
            {
                if (OfScope(scope, tables))
                {
                    return true;
                }
            }
            return false;
        }

        private bool OfSymbol(int number, BlockTables tables)
        {
            if (_ofSymbol[number] == Unknown)
            {
                _ofSymbol[number] = SpanMatch.Compare(AttributeValue.OfText(tables.Symbols[number]), _condition) ? Yes : No;
            }
            return _ofSymbol[number] == Yes;
        }

        private bool OfScope(int number, BlockTables tables)
        {
            if (_ofScope[number] == Unknown)
            {
                var (resource, scope) = tables.Scopes[number];
                var satisfies = _condition.Field switch
                {
                    SpanField.Service => SpanMatch.Compare(AttributeValue.OfText(resource.ServiceName), _condition),
                    SpanField.ScopeName => SpanMatch.Compare(AttributeValue.OfText(scope.Name), _condition),
                    SpanField.ScopeVersion => SpanMatch.Compare(AttributeValue.OfText(scope.Version), _condition),
                    _ => (_condition.Scopes & AttributeScopes.Resource) != 0 && AnyOf(resource.Attributes)
                        || (_condition.Scopes & AttributeScopes.Scope) != 0 && AnyOf(scope.Attributes),
                };
                _ofScope[number] = satisfies ? Yes : No;
            }
            return _ofScope[number] == Yes;
        }
    }
}
