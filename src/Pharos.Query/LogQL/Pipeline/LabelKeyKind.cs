namespace Pharos.Query.LogQL.Pipeline;

internal enum LabelKeyKind
{
    Plain,

    /// <summary><c>__error__</c>.</summary>
    Error,

    /// <summary><c>__error_details__</c>.</summary>
    ErrorDetails,
}
