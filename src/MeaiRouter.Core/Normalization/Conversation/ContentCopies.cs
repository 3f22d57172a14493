using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Conversation;

/// <summary>Copies of contents, which Microsoft.Extensions.AI does not make itself.</summary>
internal static class ContentCopies
{
    /// <summary>The content with other properties; <see langword="null"/> for a type that is not ours to copy.</summary>
    public static AIContent? WithProperties(AIContent content, AdditionalPropertiesDictionary? properties)
    {
        AIContent? copy = content switch
        {
            FunctionCallContent call when IsExactly<FunctionCallContent>(call) => CallIds.WithId(call, call.CallId),
            FunctionResultContent result when IsExactly<FunctionResultContent>(result) => WithResult(result, result.CallId, result.Result),
            TextContent text when IsExactly<TextContent>(text) => new TextContent(text.Text),
            TextReasoningContent reasoning when IsExactly<TextReasoningContent>(reasoning) =>
                new TextReasoningContent(reasoning.Text) { ProtectedData = reasoning.ProtectedData },
            DataContent data when IsExactly<DataContent>(data) => new DataContent(data.Uri) { Name = data.Name },
            UriContent uri when IsExactly<UriContent>(uri) => new UriContent(uri.Uri, uri.MediaType),
            HostedFileContent file when IsExactly<HostedFileContent>(file) => new HostedFileContent(file.FileId) { MediaType = file.MediaType, Name = file.Name },
            _ => null,
        };
        if (copy is null)
            return null;

        copy.Annotations = content.Annotations;
        copy.RawRepresentation = content.RawRepresentation;
        copy.AdditionalProperties = properties;
        return copy;
    }

    /// <summary>The text with other words.</summary>
    public static TextContent WithText(TextContent content, string text) => new(text)
    {
        Annotations = content.Annotations,
        AdditionalProperties = content.AdditionalProperties,
    };

    /// <summary>The result under another id, or with another value.</summary>
    public static FunctionResultContent WithResult(FunctionResultContent content, string id, object? result) => new(id, result)
    {
        Exception = content.Exception,
        Annotations = content.Annotations,
        RawRepresentation = content.RawRepresentation,
        AdditionalProperties = content.AdditionalProperties,
    };

    /// <summary>Puts contents after others of the same speaker; where text meets text, they become paragraphs of one.</summary>
    public static void Append(IList<AIContent> contents, IList<AIContent> more)
    {
        foreach (var content in more)
        {
            // A mark on the first text says where it ends, so it stays a part of its own.
            if (ReferenceEquals(content, more[0]) && content is TextContent next && contents.LastOrDefault() is TextContent { AdditionalProperties: null, Annotations: null } last)
                contents[^1] = WithText(next, last.Text + "\n\n" + next.Text);
            else
                contents.Add(content);
        }
    }

    private static bool IsExactly<T>(AIContent content) => content.GetType() == typeof(T);
}
