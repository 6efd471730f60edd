namespace Pharos.Collection.Exposition.Diagnosis;

/// <summary>The tokens of the text formats. Prometheus' messages name them, in capital letters.</summary>
internal enum LineToken
{
    Invalid,
    Eof,
    LineBreak,
    Whitespace,
    Help,
    Type,
    Unit,
    EofWord,
    Text,
    Comment,
    MName,
    QString,
    BOpen,
    BClose,
    LName,
    LValue,
    Comma,
    Equal,
    Timestamp,
    Value,
}
