namespace MeaiRouter.OpenAI;

/// <summary>A part of a known provider's address that is the customer's own: a resource, a project, a region.</summary>
/// <param name="Name">What stands in braces in the address, such as <c>resource</c>.</param>
/// <param name="Setting">The key by which configuration gives it, such as <c>Resource</c>.</param>
/// <param name="Variables">The environment variables that hold it by custom, the first first.</param>
public sealed record AddressPart(string Name, string Setting, params IReadOnlyList<string> Variables);
