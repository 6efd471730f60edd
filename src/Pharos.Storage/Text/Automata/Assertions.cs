namespace Pharos.Storage.Text.Automata;

/// <summary>What can be demanded of a place between two code points.</summary>
[Flags]
internal enum Assertions
{
    None = 0,
    TextBegin = 1,
    TextEnd = 2,
    LineBegin = 4,
    LineEnd = 8,
    WordBoundary = 16,
    NoWordBoundary = 32,
}
