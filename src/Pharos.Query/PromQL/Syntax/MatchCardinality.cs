namespace Pharos.Query.PromQL.Syntax;

public enum MatchCardinality
{
    OneToOne,
    ManyToOne,
    OneToMany,
    ManyToMany,
}
