namespace Pharos.Query.Templates.Syntax;

internal enum TokenKind
{
    Error,
    End,
    Text,
    LeftDelimiter,
    RightDelimiter,
    Space,
    Assign,
    Declare,
    Pipe,
    Character,
    LeftParen,
    RightParen,
    Bool,
    CharConstant,
    Field,
    Identifier,
    Number,
    RawString,
    String,
    Variable,

    // Keywords: everything from here on. The dot counts as one.
    Block,
    Break,
    Continue,
    Define,
    Dot,
    Else,
    EndKeyword,
    If,
    Nil,
    Range,
    Template,
    With,
}
