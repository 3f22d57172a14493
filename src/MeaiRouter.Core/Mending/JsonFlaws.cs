namespace MeaiRouter.Mending;

/// <summary>What was wrong with JSON that a model wrote.</summary>
[Flags]
internal enum JsonFlaws
{
    None = 0,
    Surroundings = 1,
    Commas = 2,
    Quotes = 4,
    Keys = 8,
    Brackets = 16,
    Comments = 32,
    Words = 64,
    Numbers = 128,
    Escapes = 256,
}
