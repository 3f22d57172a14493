namespace MeaiRouter.Routing;

/// <summary>The kinds of input besides text that a prompt holds.</summary>
[Flags]
internal enum Modalities
{
    Text = 0,
    Image = 1,
    File = 2,
    Audio = 4,
    Video = 8,
}
