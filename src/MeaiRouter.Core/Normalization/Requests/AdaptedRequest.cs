using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Requests;

/// <summary>A request as one endpoint takes it, and what whoever reads the answer must know of the request as it was.</summary>
/// <param name="Messages">The conversation; the caller's list where nothing had to change.</param>
/// <param name="Options">The options; the caller's instance where nothing had to change.</param>
/// <param name="ToolNames">The names of tools that were replaced; <see langword="null"/> where none was.</param>
/// <param name="Structured">The format the answer was asked to have; <see langword="null"/> for plain text.</param>
internal readonly record struct AdaptedRequest(
    IReadOnlyList<ChatMessage> Messages, ChatOptions Options, ToolNameMap? ToolNames, StructuredRequest? Structured);
