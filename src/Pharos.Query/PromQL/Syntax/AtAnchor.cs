namespace Pharos.Query.PromQL.Syntax;

public enum AtAnchor
{
    Timestamp,
    Start,
    End,
}
