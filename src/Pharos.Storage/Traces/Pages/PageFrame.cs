namespace Pharos.Storage.Traces.Pages;

/// <summary>The frames that every page has, in the order in which they stand in it; columns of attributes follow.</summary>
internal enum PageFrame
{
    Summaries,
    Times,
    Names,
    Ids,
    Parents,
    Rare,
    Shapes,
    Extras,
    Texts,
    Columns,
    Filter,
}
