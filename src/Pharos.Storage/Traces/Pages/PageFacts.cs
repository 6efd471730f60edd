using Pharos.Storage.Traces.Querying;

namespace Pharos.Storage.Traces.Pages;

/// <summary>Tells what the spans of a page have, from its columns.</summary>
internal static class PageFacts
{
    public static void Tell(SpanPage page, long startNs, long endNs, ISpanFacts into)
    {
        var isWhole = page.Entry.MinStartNs >= startNs && page.Entry.MaxStartNs < endNs;
        var rows = isWhole ? null : Array.ConvertAll(page.Starts, start => start >= startNs && start < endNs);
        if (into.WantsOperations)
        {
            Operations(page, rows, into);
            return;
        }
        if ((into.WantedScopes & AttributeScopes.Span) != 0)
        {
            OfSpans(page, rows, into);
        }
        if ((into.WantedScopes & (AttributeScopes.Resource | AttributeScopes.Scope)) != 0)
        {
            OfScopes(page, rows, into);
        }
        if ((into.WantedScopes & (AttributeScopes.Event | AttributeScopes.Link)) != 0 && page.HasExtras)
        {
            OfExtras(page, rows, into);
        }
    }

    private static void Operations(SpanPage page, bool[]? rows, ISpanFacts into)
    {
        var before = new HashSet<(int Scope, int Name, byte Kind)>();
        for (var row = 0; row < page.Entry.Rows; row++)
        {
            if ((rows is null || rows[row]) && before.Add((page.Scopes[row], page.Names[row], page.Kinds[row])))
            {
                into.Operation(page.Tables.Scopes[page.Scopes[row]].Resource.ServiceName, page.Tables.Symbols[page.Names[row]], (SpanKind)page.Kinds[row]);
            }
        }
    }

    private static void OfSpans(SpanPage page, bool[]? rows, ISpanFacts into)
    {
        var columns = page.Columns;
        var positions = new int[columns.Length];
        var symbols = page.Tables.Symbols;
        if (rows is null)
        {
            for (var i = 0; i < columns.Length; i++)
            {
                if (into.WantedKey is null)
                {
                    into.Key(symbols[columns[i].Key]);
                }
                else if (symbols[columns[i].Key] == into.WantedKey)
                {
                    page.Column(i).Tell(into.Value);
                }
            }
            return;
        }
        for (var row = 0; row < page.Entry.Rows; row++)
        {
            foreach (var column in page.Shapes[page.ShapeOfRow[row]])
            {
                var position = positions[column]++;
                if (!rows[row])
                {
                    continue;
                }
                if (into.WantedKey is null)
                {
                    into.Key(symbols[columns[column].Key]);
                }
                else if (symbols[columns[column].Key] == into.WantedKey)
                {
                    into.Value(page.Column(column).At(position));
                }
            }
        }
    }

    private static void OfScopes(SpanPage page, bool[]? rows, ISpanFacts into)
    {
        var scopes = rows is null ? page.Entry.Scopes.AsEnumerable() : page.Scopes.Where((_, row) => rows[row]).Distinct();
        foreach (var number in scopes)
        {
            var (resource, scope) = page.Tables.Scopes[number];
            if ((into.WantedScopes & AttributeScopes.Resource) != 0)
            {
                FactsOfSpan.Tell(resource.Attributes, into);
            }
            if ((into.WantedScopes & AttributeScopes.Scope) != 0)
            {
                FactsOfSpan.Tell(scope.Attributes, into);
            }
        }
    }

    private static void OfExtras(SpanPage page, bool[]? rows, ISpanFacts into)
    {
        for (var row = 0; row < page.Entry.Rows && !into.IsFull; row++)
        {
            if (rows is not null && !rows[row])
            {
                continue;
            }
            var (events, links) = page.Extras(row);
            foreach (var happened in (into.WantedScopes & AttributeScopes.Event) != 0 ? events : [])
            {
                FactsOfSpan.Tell(happened.Attributes, into);
            }
            foreach (var link in (into.WantedScopes & AttributeScopes.Link) != 0 ? links : [])
            {
                FactsOfSpan.Tell(link.Attributes, into);
            }
        }
    }
}
