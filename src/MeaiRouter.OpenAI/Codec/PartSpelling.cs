using System.Text.Json;
using MeaiRouter.OpenAI.Wire;

namespace MeaiRouter.OpenAI.Codec;

/// <summary>Parts of messages in the provider's form.</summary>
internal static class PartSpelling
{
    private const string Document = "document_url";
    private const string Audio = "input_audio";

    public static ContentPart Spell(ContentPart part, RequestSpelling spelling) => part switch
    {
        { Type: "file", File.FileData: { } data } when spelling.Files == FileSpelling.DocumentUrl => Bare(Document, data, part),
        { Type: Audio, InputAudio: { Data: { } data } clip } when spelling.Audio == AudioSpelling.DataUri && !data.StartsWith("data:", StringComparison.Ordinal) =>
            new ContentPart { Type = Audio, InputAudio = new AudioClip { Data = "data:;base64," + data, Format = clip.Format }, Extra = part.Extra },
        { Type: Audio, InputAudio.Data: { } data } when spelling.Audio == AudioSpelling.Bare => Bare(Audio, data, part),
        _ => part,
    };

    private static ContentPart Bare(string type, string text, ContentPart part)
    {
        var fields = new Dictionary<string, JsonElement>(part.Extra ?? new Dictionary<string, JsonElement>())
        {
            [type] = JsonSerializer.SerializeToElement(text, WireJson.Strict.String),
        };
        return new ContentPart { Type = type, Extra = fields };
    }
}
